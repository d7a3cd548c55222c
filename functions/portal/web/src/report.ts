/** @file The pages of damage reports: who the resident is first, then the page of the address, and the ways between them. */

import { endSession, ensureSession, Unreachable } from "./api.ts";
import { button, lookAt, make, notice } from "./dom.ts";
import { Form } from "./form.ts";
import { onLine } from "./line.ts";
import { begin, closing, hasSignedOut, NotKnown, owner, signOut } from "./login.ts";
import { mine, one } from "./mine.ts";
import { say } from "./page.ts";
import { emptyDraft, findDraft, forThisPage, isKept } from "./store.ts";
import type { Words } from "./words.ts";
import { Work } from "./work.ts";

const OWN = /^\/report\/mine\/([^/]+)$/;

const main = document.querySelector("main") ?? document.body;
const banner = make("p", { class: "notice bad banner", role: "status", hidden: true });
let form: Form | undefined;
let shown = 0;

main.before(banner);
onLine(() => {
  showLine();
  form?.work.tell();
});
showLine();
void start();

function showLine(): void {
  banner.textContent = say(isKept() ? "offline" : "offlineUnkept");
  banner.hidden = navigator.onLine;
}

async function start(): Promise<void> {
  if (hasSignedOut()) {
    const again = notice("good", make("p", {}, say("signedOut")), button(say("signIn"), () => location.reload()));
    return main.replaceChildren(make("h1", {}, say("report")), again);
  }
  main.replaceChildren(make("p", { role: "status" }, say("starting")));
  try {
    await begin();
    await ensureSession();
    const who = await owner();
    await forThisPage(who, "if-free", () => goOn(who), () => location.reload());
  } catch (error) {
    return failed(error);
  }
  if (!closing()) main.after(signingOut());
  document.addEventListener("click", follow);
  addEventListener("popstate", () => void route());
  await route();
}

/** Takes up the draft; no other page of this browser has it. */
async function goOn(who: string): Promise<void> {
  const draft = await findDraft(who);
  form = new Form(new Work(draft ?? emptyDraft(who)), main, draft !== undefined, failed);
}

/** Another page of this browser has the draft, and both would send its photos. */
async function elsewhere(): Promise<HTMLElement[]> {
  const who = await owner();
  const take = (): Promise<void> => forThisPage(who, "in-any-case", () => goOn(who), () => location.reload()).then(() => route(), failed);
  return [make("h1", {}, say("newTitle")), notice("plain", make("p", {}, say("elsewhere")), button(say("goOnHere"), () => void take()))];
}

/** Others may use this browser, too. */
function signingOut(): HTMLElement {
  const error = make("p", { class: "error", role: "alert" });
  const press = button(say("signOut"), () => void endSession().then(signOut, () => (error.textContent = say("noLine"))), "quiet");
  return make("footer", {}, error, press);
}

/** Shows the page of the address. `done`: what was just done on it. */
async function route(done?: keyof Words): Promise<void> {
  shown += 1;
  const asked = shown;
  form?.leave();
  try {
    const content = await found();
    // What comes late does not take the place of what was asked for meanwhile.
    if (asked !== shown) return;
    if (content) main.replaceChildren(...content);
    else form?.show();
  } catch (error) {
    if (asked === shown) failed(error);
  }
  for (const link of document.querySelectorAll("nav a.inside")) {
    if (link instanceof HTMLAnchorElement) link.ariaCurrent = link.pathname === location.pathname ? "page" : null;
  }
  // The other languages are those of this page, not of the one that was opened first.
  for (const link of document.querySelectorAll("header a:not(.inside)")) {
    if (link instanceof HTMLAnchorElement) link.pathname = location.pathname;
  }
  if (!done || asked !== shown) return;
  const said = notice("good", say(done));
  main.querySelector("h1")?.after(said);
  lookAt(said);
}

/** What the server knows for the page; nothing is needed for a new report. */
async function found(): Promise<HTMLElement[] | undefined> {
  const own = OWN.exec(location.pathname)?.[1];
  if (own) return one(own, { done: route, failed });
  if (location.pathname === "/report/mine") return mine();
  return form ? undefined : elsewhere();
}

/** A link between these pages keeps what the page knows. */
function follow(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a.inside") : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  void route().then(() => {
    scrollTo(0, 0);
    const heading = main.querySelector("h1");
    if (heading) lookAt(heading);
  });
}

/** The page cannot go on: why, and what helps. */
function failed(error: unknown): void {
  const why = error instanceof NotKnown ? "notKnown" : error instanceof Unreachable || !navigator.onLine ? "noLine" : "broken";
  main.replaceChildren(make("h1", {}, say("report")), notice("bad", make("p", {}, say(why)), button(say("again"), () => location.reload())));
}
