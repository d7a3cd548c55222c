/** @file The page of a new report: all its steps at once. */

import { post } from "./api.ts";
import { asking } from "./asking.ts";
import { button, lookAt, make, notice, renewing } from "./dom.ts";
import { errorOf, hideMended, sayErrors, type Field } from "./errors.ts";
import { answers, chosenKind, kindSection } from "./kinds.ts";
import { closing, NotKnown } from "./login.ts";
import { followFailed, Nearby, nearSection } from "./near.ts";
import { inLanguage, page, say } from "./page.ts";
import { photoSection } from "./photos.ts";
import { placeSection } from "./place.ts";
import { missing, send, type Ended, type Waiting } from "./send.ts";
import { isKept } from "./store.ts";
import { Uploads } from "./uploads.ts";
import type { Work } from "./work.ts";

/** The report that is being made, as long as the page is open. */
export class Form {
  readonly #uploads: Uploads;
  readonly #nearby: Nearby;
  #wasFound: boolean;
  #waits: Waiting | undefined;
  /** What is sending now. Whoever finds another one here ends. */
  #attempt: symbol | undefined;
  #isFollowing = false;
  #isShown = false;
  /** What was missing when it was to be sent last. */
  #missed: ReadonlyMap<Field, string> = new Map();
  /** What is shown in place of the form: what became of the report before. */
  #last: HTMLElement[] | undefined;

  constructor(
    readonly work: Work,
    readonly main: HTMLElement,
    wasFound: boolean,
    readonly failed: (error: unknown) => void,
  ) {
    this.#uploads = new Uploads(work);
    this.#nearby = new Nearby(work);
    this.#wasFound = wasFound;
    this.#uploads.resume();
  }

  /** Another page takes its place; sending goes on. */
  leave(): void {
    this.#isShown = false;
    this.work.heardBy([]);
  }

  /** Shows it in the page. */
  show(): void {
    this.#isShown = true;
    const last = this.#last;
    this.#last = undefined;
    if (last) this.main.replaceChildren(...last);
    else this.#showFields();
  }

  #showFields(): void {
    const { work } = this;
    const kind = kindSection(work);
    const photos = photoSection(this.#uploads);
    const place = placeSection(work, this.#uploads);
    const near = nearSection(this.#nearby, (report) => void this.#follow(report));
    const summary = summarySection(work);
    const fields = make("fieldset", { class: "all" }, kind.element, photos.element, place.element, comment(work), near.element, summary.element);
    const sending = make("p", { class: "notice plain", role: "status", hidden: true });
    const sent = button(say("send"), () => this.#press(), "main");
    const stop = button(say("sendStop"), () => this.#stop());
    const giveUp = asking({ label: say("giveUp"), sure: say("giveUpSure"), yes: say("giveUpYes"), kind: "quiet" }, () => void this.#drop());
    const found = this.#wasFound ? [this.#found()] : [];
    this.main.replaceChildren(
      make("h1", {}, say("newTitle")),
      ...found.map(({ box }) => box),
      make("p", {}, say("lead")),
      fields,
      errorOf("send"),
      sending,
      make("div", { class: "deeds" }, sent, stop, giveUp),
    );
    const hear = (): void => {
      const isSending = work.draft.sending;
      const isOut = this.#waits === "answer";
      fields.disabled = isSending || this.#isFollowing;
      sent.disabled = this.#isFollowing;
      stop.disabled = isOut;
      for (const drop of [giveUp, ...found.map(({ drop }) => drop)]) drop.disabled = isOut || this.#isFollowing;
      sent.hidden = isSending;
      stop.hidden = !isSending;
      sending.hidden = !isSending;
      sending.textContent = isSending ? waitingFor(this.#waits) : "";
      hideMended(this.#missed, missing(work));
    };
    work.heardBy([kind.hear, photos.hear, place.hear, near.hear, summary.hear, hear]);
    if (work.draft.sending && !this.#attempt) void this.#send();
  }

  #found(): { box: HTMLElement; drop: HTMLFieldSetElement } {
    const drop = asking({ label: say("foundDrop"), sure: say("giveUpSure"), yes: say("foundDropYes") }, () => void this.#drop());
    this.#wasFound = false;
    return { box: notice("plain", make("p", {}, say("foundDraft")), drop), drop };
  }

  #press(): void {
    const errors = missing(this.work);
    this.#missed = errors;
    sayErrors(errors);
    if (errors.size > 0) return;
    this.work.change((draft) => (draft.sending = true));
    void this.#send();
  }

  #stop(): void {
    this.#attempt = undefined;
    this.#waits = undefined;
    this.work.change((draft) => (draft.sending = false));
  }

  async #send(): Promise<void> {
    const attempt = Symbol();
    const { draft } = this.work;
    this.#attempt = attempt;
    const isWanted = (): boolean => attempt === this.#attempt && draft === this.work.draft && draft.sending;
    try {
      const ended = await send(this.work, this.#uploads, this.#nearby, isWanted, (waiting) => {
        this.#waits = waiting;
        this.work.tell();
      });
      if (attempt !== this.#attempt) return;
      this.#attempt = this.#waits = undefined;
      this.work.tell();
      if (ended) this.#ended(ended);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.#stop();
      if (error instanceof NotKnown) this.failed(error);
      else sayErrors(new Map([["send", say("sendFailed")]]));
    }
  }

  #ended(ended: Ended): void {
    switch (ended.is) {
      case "stopped":
        return sayErrors(ended.errors);
      case "filed-before":
        return this.#tell(say("filedBefore"));
      case "filed": {
        const number = make("p", { class: "number" }, `${say("number")} `, make("strong", {}, ended.filed.number));
        return this.#tell(say("filedTitle"), number, make("p", {}, say("filedNext")));
      }
    }
  }

  /** What became of the report, and the ways on; it waits where another page is shown. */
  #tell(title: string, ...more: HTMLElement[]): void {
    const heading = make("h1", {}, title);
    const close = closing();
    this.#last = [
      heading,
      ...more,
      make(
        "div",
        { class: "deeds" },
        make("a", { class: "button plain inside", href: inLanguage("/report/mine") }, say("mineTitle")),
        button(say("another"), () => this.show()),
        close ? button(say("close"), close) : null,
      ),
    ];
    if (!this.#isShown) return;
    this.show();
    lookAt(heading);
  }

  async #follow(report: string): Promise<void> {
    this.#isFollowing = true;
    this.work.tell();
    try {
      await post(`/reports/${report}/follow`);
    } catch (error) {
      this.#isFollowing = false;
      this.work.tell();
      if (error instanceof NotKnown) return this.failed(error);
      return sayErrors(new Map([["near", followFailed(error)]]));
    }
    this.#isFollowing = false;
    this.#uploads.clear();
    await this.work.clear("taken-back");
    this.#tell(say("followed"));
  }

  async #drop(): Promise<void> {
    this.#attempt = this.#waits = undefined;
    this.#uploads.clear();
    await this.work.clear("taken-back");
    this.show();
    scrollTo(0, 0);
  }
}

function waitingFor(waiting: Waiting | undefined): string {
  if (!navigator.onLine) return say(isKept() ? "sendOffline" : "sendOfflineUnkept");
  return say(waiting === "photos" ? "sendPhotos" : waiting === "line" ? "sendLine" : "sending");
}

function comment(work: Work): HTMLElement {
  const input = make("textarea", { id: "comment", rows: "4", maxlength: String(page.textMax), "aria-describedby": "comment-hint" });
  input.value = work.draft.comment;
  input.addEventListener("input", () => work.change((draft) => (draft.comment = input.value)));
  return make(
    "section",
    {},
    make("h2", {}, make("label", { for: "comment" }, say("commentTitle"))),
    make("p", { class: "note", id: "comment-hint" }, say("commentHint", { max: page.textMax })),
    errorOf("comment"),
    input,
  );
}

function summarySection(work: Work): { element: HTMLElement; hear: () => void } {
  const list = make("dl");
  const lines = (): [string, string][] => {
    const { place, placeText, photos, comment } = work.draft;
    const kind = chosenKind(work);
    const given = (kind && answers(work, kind)) ?? [];
    const label = (question: string, text: string): string =>
      kind?.questions.find(({ id }) => id === question)?.choices.find(({ value }) => value === text)?.label ?? (text || say("unknown"));
    const where = place ? [`${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`, placeText.trim()].filter((text) => text !== "").join(" ") : "";
    return [
      [say("kindTitle"), kind?.name ?? ""],
      ...given.map(({ question, text }): [string, string] => [kind?.questions.find(({ id }) => id === question)?.question ?? "", label(question, text)]),
      [say("photos"), say("photoCount", { count: photos.length })],
      [say("placeTitle"), where],
      [say("commentTitle"), comment.trim()],
    ];
  };
  const hear = renewing(list, lines, () => lines().map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value || say("nothing")))));
  return { element: make("section", { class: "summary" }, make("h2", {}, say("summaryTitle")), list), hear };
}
