/** @file The report that is being made: every change of it is kept on the device, and heard by the parts of the page. */

import { post, remove, Refused } from "./api.ts";
import { pause } from "./line.ts";
import { emptyDraft, forget, keep, type Draft } from "./store.ts";

/** What is given up is taken back as a courtesy to the server, which forgets it by itself after a day. */
const TAKE_BACK_TRIES = 4;

export class Work {
  #draft: Draft;
  #hearers: (() => void)[] = [];
  #waiting: (() => void)[] = [];
  #begun: Promise<string> | undefined;
  #settled: Promise<void> | undefined;
  #kept: Promise<void> = Promise.resolve();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  get draft(): Readonly<Draft> {
    return this.#draft;
  }

  /** The parts of a page that is shown anew hear of changes; those of the page before do not any more. */
  heardBy(hearers: (() => void)[]): void {
    this.#hearers = hearers;
    this.tell();
  }

  tell(): void {
    for (const hearer of this.#hearers) hearer();
    for (const done of this.#waiting.splice(0)) done();
  }

  /** Waits for the next change. */
  changed(): Promise<void> {
    return new Promise((done) => this.#waiting.push(done));
  }

  change(edit: (draft: Draft) => void): void {
    edit(this.#draft);
    this.#keep();
    this.tell();
  }

  /** The id under which it will be filed. The server gives it once, so that what is sent twice is one report. */
  async id(): Promise<string> {
    if (this.#draft.report) return this.#draft.report;
    const draft = this.#draft;
    if (this.#begun) return this.#begun;
    const begun = post<{ report: string }>("/begin")
      .then(({ report }) => {
        // What was given up meanwhile has no use for it.
        if (draft === this.#draft) this.change((draft) => Object.assign(draft, { report, begun: Date.now() }));
        return report;
      })
      .finally(() => {
        if (this.#begun === begun) this.#begun = undefined;
      });
    this.#begun = begun;
    return begun;
  }

  /** Takes photos back from the server that were taken out here: until then they count there. */
  settle(): Promise<void> {
    const settled = (this.#settled ??= this.#settle(this.#draft).finally(() => {
      if (this.#settled === settled) this.#settled = undefined;
    }));
    return settled;
  }

  async #settle(draft: Draft): Promise<void> {
    for (let id = draft.unwanted[0]; id !== undefined && draft === this.#draft; id = draft.unwanted[0]) {
      try {
        await remove(`/photos/${id}`);
      } catch (error) {
        // It is not there any more.
        if (!(error instanceof Refused)) throw error;
      }
      draft.unwanted.shift();
      if (draft === this.#draft) this.change(() => undefined);
    }
  }

  /** Begins a new one. `photos`: what becomes of those that the server has. */
  async clear(photos: "filed" | "taken-back"): Promise<void> {
    const before = this.#draft;
    this.#draft = emptyDraft(before.owner);
    this.#begun = undefined;
    this.#settled = undefined;
    await this.#kept;
    await forget(before);
    if (photos === "taken-back") for (const { id } of before.photos) if (id) void takeBack(id);
    for (const id of before.unwanted) void takeBack(id);
  }

  /** One after the other: what is written last is what counts. */
  #keep(): void {
    const draft = this.#draft;
    this.#kept = this.#kept.then(() => (draft === this.#draft ? keep(structuredClone(draft)) : undefined));
  }
}

/** Takes a photo back from the server. */
export async function takeBack(id: string): Promise<void> {
  for (let tries = 0; tries < TAKE_BACK_TRIES; tries += 1) {
    try {
      return await remove(`/photos/${id}`);
    } catch (error) {
      if (error instanceof Refused) return;
      await pause(tries);
    }
  }
}
