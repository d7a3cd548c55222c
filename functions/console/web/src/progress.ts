/** @file Asks the server how far a long work has come, and shows it, until it has ended. */

import { filled, marked } from "./dom.ts";

const EVERY_MS = 2_000;
const SLOWEST_MS = 30_000;
/** After so many failures in a row it gives up and says so. */
const FAILURES_MAX = 6;
/** A page left open asks for some hours, not for days. */
const ASKED_MAX = 5_000;

interface State {
  readonly done: number;
  readonly total: number;
  readonly text?: string;
  readonly finished: boolean;
  /** The page shows what is not so any more. */
  readonly moved: boolean;
  /** What the next question brings along: to say how it goes on, the server keeps nothing. */
  readonly since?: string;
}

export function followProgress(): void {
  for (const box of marked("progress", HTMLElement)) {
    const url = box.dataset["url"];
    if (url) void follow(box, url);
  }
}

async function follow(box: HTMLElement, url: string): Promise<void> {
  let failures = 0;
  let since: string | undefined;
  for (let asked = 0; asked < ASKED_MAX && failures < FAILURES_MAX; asked += 1) {
    await pause(Math.min(EVERY_MS * 2 ** failures, SLOWEST_MS));
    await visible();
    const state = await ask(url, since);
    failures = state ? 0 : failures + 1;
    if (!state) continue;
    since = state.since;
    show(box, state);
    if (state.moved && !isTyped()) location.replace(box.querySelector("a")?.href ?? location.href);
    if (state.moved || state.finished) return;
  }
  say(box, box.dataset["wordsFailed"] ?? "");
}

async function ask(path: string, since?: string): Promise<State | undefined> {
  const url = new URL(path, location.href);
  if (since !== undefined) url.searchParams.set("since", since);
  try {
    const answer = await fetch(url, { headers: { accept: "application/json" }, cache: "no-store" });
    // The sign-in page of a session that has ended is no answer.
    if (!answer.ok || answer.redirected) return undefined;
    return read(await answer.json());
  } catch {
    return undefined;
  }
}

function read(value: unknown): State | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { done, total, text, finished, moved, since } = value as Record<string, unknown>;
  if (typeof done !== "number" || typeof total !== "number" || typeof finished !== "boolean") return undefined;
  const more = { ...(typeof text === "string" ? { text } : {}), ...(typeof since === "string" ? { since } : {}) };
  return { done, total, finished, moved: moved === true, ...more };
}

/** Whether something stands in the page that would be lost with it. */
function isTyped(): boolean {
  return [...document.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
}

function show(box: HTMLElement, state: State): void {
  const done = Math.min(state.done, state.total);
  const bar = box.querySelector("progress");
  if (bar && state.total > 0) {
    bar.max = state.total;
    bar.value = done;
  }
  if (state.text !== undefined || state.total > 0) {
    say(box, state.text ?? filled(box.dataset["words"] ?? "", { done, total: state.total }));
  }
  const link = box.querySelector("a");
  if ((state.finished || state.moved) && link) link.textContent = box.dataset["wordsResult"] ?? link.textContent;
}

/** Said only if it is new: a live region that is written again is read again. */
function say(box: HTMLElement, text: string): void {
  const line = box.querySelector("[aria-live]");
  if (line && line.textContent !== text) line.textContent = text;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A page that nobody sees asks nothing. */
function visible(): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("visibilitychange", () => resolve(), { once: true }));
}
