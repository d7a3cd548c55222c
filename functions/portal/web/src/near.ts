/** @file What was reported nearby, shown before anything is sent: perhaps it is the same. */

import { post, Refused } from "./api.ts";
import { asking } from "./asking.ts";
import { make, notice, renewing } from "./dom.ts";
import { errorOf } from "./errors.ts";
import { kindName, moment, say } from "./page.ts";
import { standingWord } from "./standing.ts";
import type { Work } from "./work.ts";

/** A report nearby. */
interface Neighbour {
  report: string;
  number: string;
  kind: string;
  standing: string;
  metres: number;
  filed: string;
  what?: string;
}

interface Found {
  inside: boolean;
  near: Neighbour[];
}

/** Typing and tapping are over when so long nothing came. */
const QUIET_MS = 600;

/** What is known of the surroundings of the place that the draft has now. */
export class Nearby {
  #about = "";
  #found: Found | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly work: Work) {}

  /** Asks anew where kind or place have changed. Without a line it is asked before sending. */
  hear(): void {
    const about = this.#key();
    if (about === this.#about) return;
    this.#about = about;
    this.#found = undefined;
    clearTimeout(this.#timer);
    if (about !== "") this.#timer = setTimeout(() => void this.ask().catch(() => undefined), QUIET_MS);
  }

  /** What is nearby; asks, if it is not known. */
  async ask(): Promise<Found | undefined> {
    const { place, kind } = this.work.draft;
    const about = this.#key();
    if (!place || about === "") return undefined;
    if (this.#found && about === this.#about) return this.#found;
    const found = await post<Found>("/near", { lat: place.lat, lon: place.lon, kind });
    if (about !== this.#key()) return this.ask();
    this.#about = about;
    this.#found = found;
    this.work.tell();
    return found;
  }

  get found(): Found | undefined {
    return this.#found;
  }

  /** Whether the resident said that it is none of those that are shown. */
  get isOther(): boolean {
    return this.work.draft.others !== "" && this.work.draft.others === this.#key();
  }

  set isOther(yes: boolean) {
    this.work.change((draft) => (draft.others = yes ? this.#key() : ""));
  }

  #key(): string {
    const { place, kind } = this.work.draft;
    return place && kind !== "" ? `${kind} ${place.lat} ${place.lon}` : "";
  }
}

/** The section, and what it does when the draft changes. `follow`: it is that one. */
export function nearSection(nearby: Nearby, follow: (report: string) => void): { element: HTMLElement; hear: () => void } {
  const content = make("div");
  const renew = renewing(
    content,
    () => nearby.found,
    () => {
      const found = nearby.found;
      if (!found) return [];
      if (!found.inside) return [notice("bad", say("outside"))];
      if (found.near.length === 0) return [];
      return [
        make("h2", {}, say("nearTitle")),
        make("p", {}, say("nearHint")),
        make("ul", { class: "near" }, ...found.near.map((neighbour) => item(neighbour, follow))),
        other(nearby),
      ];
    },
  );
  const element = make("section", {}, errorOf("near"), content);
  const hear = (): void => {
    nearby.hear();
    renew();
  };
  return { element, hear };
}

function item({ report, number, kind, standing, metres, filed, what }: Neighbour, follow: (report: string) => void): HTMLElement {
  const words = { label: say("nearSame"), sure: say("nearSameSure"), yes: say("nearSameYes"), about: `near-${report}` };
  return make(
    "li",
    {},
    make(
      "div",
      { id: `near-${report}` },
      make("strong", {}, `${kindName(kind)} `),
      make("span", { class: `standing ${standing}` }, standingWord(standing)),
      make("p", {}, what ?? ""),
      make("p", { class: "note" }, `${say("metres", { metres })} ・ ${moment(filed)} ・ ${number}`),
    ),
    asking(words, () => follow(report)),
  );
}

function other(nearby: Nearby): HTMLElement {
  const input = make("input", { type: "checkbox", id: "other", checked: nearby.isOther });
  input.addEventListener("change", () => (nearby.isOther = input.checked));
  return make("label", { class: "choice" }, input, make("span", {}, say("nearOther")));
}

/** Why a report cannot be followed, in a sentence. */
export function followFailed(error: unknown): string {
  return say(error instanceof Refused ? (error.code === "too-many-followers" ? "followersFull" : "followFailed") : "noLine");
}
