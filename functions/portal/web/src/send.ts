/** @file Sending the report: it waits for its photos and for the line, and is one report however often it is tried. */

import { post, Refused, Unreachable } from "./api.ts";
import type { Field } from "./errors.ts";
import { answers, chosenKind } from "./kinds.ts";
import { pause } from "./line.ts";
import { NotKnown } from "./login.ts";
import type { Nearby } from "./near.ts";
import { page, say } from "./page.ts";
import type { Draft } from "./store.ts";
import type { Uploads } from "./uploads.ts";
import type { Work } from "./work.ts";
import type { Words } from "./words.ts";

/** What the server filed. */
interface Filed {
  report: string;
  number: string;
}

/** How sending ended. */
export type Ended = { is: "filed"; filed: Filed } | { is: "filed-before" } | { is: "stopped"; errors: Map<Field, string> };

/** For what sending waits. */
export type Waiting = "photos" | "nearby" | "line" | "answer";

const REFUSALS: Readonly<Record<string, [Field, keyof Words]>> = {
  "kind unknown": ["kind", "kindGone"],
  "kind closed": ["kind", "kindGone"],
  "place outside": ["place", "outside"],
  "place invalid": ["place", "placeMissing"],
  "place too-long": ["place", "tooLong"],
  "answers missing": ["answers", "answersMissing"],
  "answers unknown": ["answers", "answersMissing"],
  "answers too-long": ["answers", "tooLong"],
  "comment too-long": ["comment", "tooLong"],
  "photos unknown": ["photos", "photosGone"],
  "photos too-many": ["photos", "faultTooMany"],
  "report too-old": ["send", "draftOld"],
  "report invalid": ["send", "draftOld"],
};

/** What is missing for sending. */
export function missing(work: Work): Map<Field, string> {
  const errors = new Map<Field, string>();
  const kind = chosenKind(work);
  if (!kind) errors.set("kind", say(work.draft.kind === "" ? "kindMissing" : "kindGone"));
  else if (!answers(work, kind)) errors.set("answers", say("answersMissing"));
  if (!work.draft.place) errors.set("place", say("placeMissing"));
  if (work.draft.comment.length > page.textMax) errors.set("comment", say("tooLong"));
  return errors;
}

/** Sends what the draft holds, until it is filed, or refused, or the resident no longer wants it (`undefined`). */
export async function send(
  work: Work,
  uploads: Uploads,
  nearby: Nearby,
  isWanted: () => boolean,
  waits: (waiting: Waiting) => void,
): Promise<Ended | undefined> {
  for (let tries = 0; isWanted(); tries += 1) {
    try {
      waits("photos");
      while (isWanted() && uploads.missing().length > 0) await work.changed();
      if (!isWanted()) return undefined;
      waits("nearby");
      const stop = await stopped(uploads, nearby, tries);
      if (!isWanted()) return undefined;
      if (stop) return over(work, uploads, stop);
      const report = await filing(work);
      if (!isWanted()) return undefined;
      // From here on nothing of it can be taken back until there is an answer.
      waits("answer");
      return await over(work, uploads, { is: "filed", filed: await post<Filed>("/reports", report) });
    } catch (error) {
      if (!isWanted()) return undefined;
      if (error instanceof Refused) return refused(work, uploads, error);
      if (error instanceof NotKnown) throw error;
      waits("line");
      await pause(tries);
    }
  }
  return undefined;
}

/** What is looked at last: the photos that came to nothing, and what is nearby. */
async function stopped(uploads: Uploads, nearby: Nearby, tries: number): Promise<Ended | undefined> {
  const stop = (field: Field, word: keyof Words): Ended => ({ is: "stopped", errors: new Map([[field, say(word)]]) });
  if (uploads.refused().length > 0) return stop("photos", "photosRefused");
  const found = await nearby.ask().catch((error: unknown) => {
    // It only helps: where it stays in trouble, the report goes without it.
    if (error instanceof Unreachable && tries > 0) return undefined;
    throw error;
  });
  if (found && !found.inside) return stop("place", "outside");
  if (found && found.near.length > 0 && !nearby.isOther) return stop("near", "nearFirst");
  return undefined;
}

async function filing(work: Work): Promise<object> {
  const { place, placeText, comment, photos }: Readonly<Draft> = work.draft;
  const kind = chosenKind(work);
  if (!kind || !place) throw new Refused("unknown", "kind");
  const text = placeText.trim();
  return {
    report: await work.id(),
    kind: kind.id,
    answers: answers(work, kind),
    place: { ...place, ...(text === "" ? {} : { text }) },
    comment: comment.trim(),
    photos: photos.flatMap(({ id }) => id ?? []),
  };
}

async function over(work: Work, uploads: Uploads, ended: Ended): Promise<Ended> {
  if (ended.is === "stopped") {
    work.change((draft) => (draft.sending = false));
  } else {
    uploads.clear();
    await work.clear("filed");
  }
  return ended;
}

async function refused(work: Work, uploads: Uploads, { code, field }: Refused): Promise<Ended> {
  if (code === "filed-otherwise") return over(work, uploads, { is: "filed-before" });
  const [at, word] = REFUSALS[`${field} ${code}`] ?? ["send", code === "too-many-today" ? "tooManyToday" : "sendFailed"];
  const ended = await over(work, uploads, { is: "stopped", errors: new Map([[at, say(word)]]) });
  if (field === "report") uploads.again();
  return ended;
}
