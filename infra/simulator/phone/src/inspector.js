// @ts-check
/** @file The raw webhooks and API calls as they happen, newest first. */

import { copy } from "./actions.js";
import { button, el, icon } from "./dom.js";
import { exactTimeOf, words } from "./words.js";

/**
 * @typedef {import("./api.js").Call} Call
 * @typedef {import("./api.js").Webhook} Webhook
 * @typedef {{ kind: "webhook", data: Webhook } | { kind: "call", data: Call }} Line
 */

/** Older lines are let go, so that a send to a whole city does not fill the page. */
const MOST = 200;
const ZEROES = /^0{8}-/;

export class Inspector {
  /** @type {Line[]} newest first */
  #lines = [];
  /** @type {Map<string, HTMLElement>} drawn lines, kept so that an opened one stays open */
  #drawn = new Map();
  /** @type {Set<string>} */
  #seen = new Set();
  /** @type {"all" | "webhook" | "call"} */
  #filter = "all";
  #userId = "";
  #frame = 0;

  /**
   * @param {HTMLElement} host
   * @param {import("./sheet.js").Sheets} sheets
   */
  constructor(host, sheets) {
    this.host = host;
    this.sheets = sheets;
    this.list = el("div", { class: "log", attrs: { tabindex: "0", role: "region", "aria-label": words.inspector.heading } });
    this.mine = el("input", { attrs: { type: "checkbox" }, testid: "inspector-mine", on: { change: () => this.#redraw() } });
    this.toggle = button(
      {
        class: "inspector__toggle",
        testid: "inspector-toggle",
        on: { click: () => this.setOpen(host.classList.contains("is-folded") ? "open" : "folded") },
      },
      [icon("log", 20), el("span", { class: "inspector__toggle-text" })],
    );
    host.setAttribute("aria-label", words.inspector.heading);
    host.append(
      el("header", { class: "panel__head" }, [
        el("h2", { class: "panel__title", text: words.inspector.heading }),
        this.toggle,
        button(
          { class: "panel__close", attrs: { "aria-label": words.close }, on: { click: () => host.classList.remove("is-open") } },
          [icon("close", 20)],
        ),
      ]),
      el("div", { class: "inspector__content" }, [
        el("p", { class: "panel__hint", text: words.inspector.hint }),
        el("div", { class: "inspector__tools" }, [
          this.#filters(),
          el("label", { class: "check" }, [this.mine, words.inspector.mine]),
          button({
            class: "button button--plain button--small",
            text: words.inspector.clear,
            testid: "inspector-clear",
            on: { click: () => this.clear() },
          }),
        ]),
        this.list,
      ]),
    );
    this.setOpen("open");
    this.#redraw();
  }

  #filters() {
    const names = /** @type {const} */ ([
      ["all", words.inspector.all],
      ["webhook", words.inspector.webhooks],
      ["call", words.inspector.calls],
    ]);
    const buttons = names.map(([value, text]) =>
      button({
        class: "segments__one",
        text,
        attrs: { "aria-pressed": String(value === this.#filter) },
        on: {
          click: (event) => {
            this.#filter = value;
            for (const one of buttons) one.setAttribute("aria-pressed", String(one === event.currentTarget));
            this.#redraw();
          },
        },
      }),
    );
    return el("div", { class: "segments", attrs: { role: "group" } }, buttons);
  }

  /** @param {"open" | "folded"} state */
  setOpen(state) {
    const folded = state === "folded";
    this.host.classList.toggle("is-folded", folded);
    document.body.classList.toggle("inspector-folded", folded);
    const text = folded ? words.inspector.open : words.inspector.fold;
    this.toggle.setAttribute("aria-expanded", String(!folded));
    this.toggle.setAttribute("aria-label", text);
    this.toggle.title = text;
  }

  /** @param {string} userId the resident that "only this one" means */
  setResident(userId) {
    this.#userId = userId;
    if (this.mine.checked) this.#redraw();
  }

  clear() {
    this.#lines = [];
    this.#drawn.clear();
    this.#redraw();
  }

  /** After a reset the simulator counts from one again. */
  reset() {
    this.#seen.clear();
    this.clear();
  }

  get lastCall() {
    return this.#lastSeq("call");
  }

  get lastWebhook() {
    return this.#lastSeq("webhook");
  }

  /** @param {"call" | "webhook"} kind */
  #lastSeq(kind) {
    return this.#lines.reduce((most, line) => (line.kind === kind ? Math.max(most, line.data.seq) : most), 0);
  }

  /** @param {Line[]} fresh */
  add(fresh) {
    for (const line of fresh) {
      const key = keyOf(line);
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#lines.unshift(line);
    }
    this.#lines.sort((a, b) => b.data.at - a.data.at || b.data.seq - a.data.seq);
    for (const line of this.#lines.splice(MOST)) {
      this.#drawn.delete(keyOf(line));
      this.#seen.delete(keyOf(line));
    }
    // Thousands of calls a second are drawn once a frame.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#redraw());
  }

  #redraw() {
    const tokens = this.mine.checked ? this.#replyTokens() : new Set();
    const shown = this.#lines.filter(
      (line) => (this.#filter === "all" || line.kind === this.#filter) && (!this.mine.checked || this.#concerns(line, tokens)),
    );
    const nodes = shown.map((line) => {
      const key = keyOf(line);
      const node = this.#drawn.get(key) ?? this.#draw(line);
      this.#drawn.set(key, node);
      return node;
    });
    if (nodes.length === 0) nodes.push(el("p", { class: "log__empty", text: words.inspector.empty }));
    // Only what changed is touched: a node that is moved would lose its scroll and focus.
    for (const old of [...this.list.children]) if (!nodes.includes(/** @type {HTMLElement} */ (old))) old.remove();
    nodes.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
  }

  #replyTokens() {
    const tokens = new Set();
    for (const line of this.#lines) {
      if (line.kind !== "webhook") continue;
      for (const event of line.data.body?.events ?? [])
        if (event?.source?.userId === this.#userId && event.replyToken) tokens.add(event.replyToken);
    }
    return tokens;
  }

  /**
   * @param {Line} line
   * @param {Set<unknown>} tokens
   */
  #concerns(line, tokens) {
    if (!this.#userId) return false;
    if (line.kind === "webhook")
      return (line.data.body?.events ?? []).some((/** @type {any} */ event) => event?.source?.userId === this.#userId);
    const { path, request } = line.data;
    return (
      path.includes(this.#userId) || tokens.has(request?.replyToken) || JSON.stringify(request ?? null).includes(this.#userId)
    );
  }

  /** @param {Line} line */
  #draw(line) {
    return line.kind === "webhook" ? this.#drawWebhook(line.data) : this.#drawCall(line.data);
  }

  /** @param {Webhook} webhook */
  #drawWebhook(webhook) {
    const events = Array.isArray(webhook.body?.events) ? webhook.body.events : [];
    const first = events[0];
    const type = String(first?.message?.type ?? first?.type ?? "");
    const title =
      events.length === 0
        ? words.inspector.noEvents
        : words.inspector.events(words.inspector.event[type] ?? type, events.length - 1);
    const error = webhook.error
      ? ({ timeout: words.inspector.timeout, connect: words.inspector.connect }[webhook.error] ?? webhook.error)
      : null;
    return this.#entry({
      kind: "webhook",
      at: webhook.at,
      title: webhook.redelivery ? `${title} ・ ${words.inspector.redelivery}` : title,
      detail: String(first?.message?.text ?? first?.postback?.data ?? "Webhook").slice(0, 100),
      status: webhook.status ?? null,
      statusText: webhook.status ? String(webhook.status) : (error ?? words.inspector.noAnswer),
      ms: webhook.ms,
      parts: () => [[words.inspector.body, webhook.body]],
    });
  }

  /** @param {Call} call */
  #drawCall(call) {
    const [, meaning] = words.inspector.call.find(([pattern]) => pattern.test(call.path)) ?? [];
    return this.#entry({
      kind: "call",
      at: call.at,
      title: `${call.warning ? "⚠ " : ""}${meaning ?? call.path}`,
      detail: `${call.method} ${call.path}`,
      status: call.status,
      statusText: call.status ? String(call.status) : words.inspector.noAnswer,
      ms: call.ms,
      parts: () => {
        const ids = Object.entries({
          "X-Line-Request-Id": call.requestId,
          "X-Line-Retry-Key": call.retryKey,
          "X-Line-Accepted-Request-Id": call.acceptedRequestId,
        }).filter(([, value]) => value && !ZEROES.test(value));
        const parts = /** @type {[string, unknown][]} */ ([
          [words.inspector.warning, call.warning],
          [words.inspector.fault, call.fault],
          [words.inspector.request, call.request],
          [words.inspector.response, call.response],
        ]);
        return [
          ...(ids.length ? [/** @type {[string, unknown]} */ (["ID", Object.fromEntries(ids)])] : []),
          ...parts.filter(([, value]) => value !== undefined && value !== null),
        ];
      },
    });
  }

  /**
   * @param {{ kind: string, at: number, title: string, detail: string, status: number | null, statusText: string, ms?: number, parts: () => [string, unknown][] }} what
   */
  #entry({ kind, at, title, detail, status, statusText, ms, parts }) {
    const good = status !== null && status >= 200 && status < 300;
    const details = el("details", { class: `entry entry--${kind}`, testid: "inspector-entry", attrs: { "data-kind": kind } }, [
      el("summary", { class: "entry__head" }, [
        el("span", {
          class: `entry__way entry__way--${kind}`,
          text: kind === "webhook" ? words.inspector.toCity : words.inspector.toLine,
        }),
        el("span", { class: "entry__title", text: title }),
        el("span", { class: `entry__status ${good ? "is-good" : "is-bad"}`, text: statusText }),
        el("span", { class: "entry__detail", text: detail, attrs: { title: detail } }),
        el("span", {
          class: "entry__time",
          text: `${exactTimeOf(at)}${ms === undefined || ms === null ? "" : ` ・ ${words.inspector.ms(Math.round(ms))}`}`,
        }),
      ]),
    ]);
    details.addEventListener("toggle", () => {
      // JSON is drawn when it is first looked at: most lines never are.
      if (!details.open || details.childElementCount > 1) return;
      for (const [heading, value] of parts()) details.append(this.#jsonBlock(heading, value));
    });
    return details;
  }

  /**
   * @param {string} heading
   * @param {unknown} value
   */
  #jsonBlock(heading, value) {
    const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    return el("section", { class: "json" }, [
      el("div", { class: "json__head" }, [
        el("span", { text: heading }),
        button({ class: "json__copy", text: words.inspector.copy, on: { click: () => void copy(text, this.sheets) } }),
      ]),
      el("pre", { class: "json__text", attrs: { tabindex: "0" } }, coloured(text)),
    ]);
  }
}

/** @param {Line} line */
const keyOf = (line) => `${line.kind}${line.data.seq}`;

/**
 * JSON text in pieces: names, texts, numbers and words each in their colour.
 * @param {string} text
 */
function coloured(text) {
  const pieces = text.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\b(?:true|false|null)\b)/);
  return pieces.map((piece, index) => {
    if (index % 2 === 0) return piece;
    const kind = piece.endsWith(":") ? "name" : piece.startsWith('"') ? "string" : "value";
    return el("span", { class: `json__${kind}`, text: piece });
  });
}
