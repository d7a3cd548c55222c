/** @file The resident's own reports, and those that they follow: the list, and each with what became of it. */

import { get, post, Refused } from "./api.ts";
import { button, make } from "./dom.ts";
import { NotKnown } from "./login.ts";
import { inLanguage, kindName, moment, page, say } from "./page.ts";
import { faultOf } from "./photos.ts";
import { standingWord } from "./standing.ts";
import type { Words } from "./words.ts";

const LIST = "/report/mine";
/** The server tells of no more. */
const LISTED_MAX = 50;

interface Own {
  report: string;
  number: string;
  kind: string;
  standing: string;
  filed: string;
  changed: string;
  mine: boolean;
}

interface Photo {
  photo: string;
  state: string;
  fault?: string;
  large?: string;
  small?: string;
}

interface Entry {
  at: string;
  what: "filed" | "state" | "answered" | "commented";
  by: "reporter" | "town";
  standing?: string;
  text?: string;
}

interface Detail extends Own {
  place: { lat: number; lon: number; accuracy?: number; text?: string; district?: string };
  why?: string;
  duplicate?: { report: string; number: string };
  history: Entry[];
  comment?: string;
  answers: { question: string; text: string }[];
  photos: Photo[];
  can: { comment: boolean; reopen: boolean; unfollow: boolean };
}

/** The list. */
export async function mine(): Promise<HTMLElement[]> {
  const reports = await get<Own[]>("/reports");
  const item = (own: Own): HTMLElement =>
    make(
      "li",
      {},
      make("a", { class: "inside", href: inLanguage(`${LIST}/${own.report}`) }, `${kindName(own.kind)} ${own.number}`),
      make("span", { class: `standing ${own.standing}` }, standingWord(own.standing)),
      make("p", { class: "note" }, `${say("filedAt")} ${moment(own.filed)}${own.mine ? "" : ` ・ ${say("following")}`}`),
    );
  const list = reports.length > 0 ? make("ul", { class: "mine" }, ...reports.map(item)) : make("p", {}, say("mineNone"));
  const more = reports.length < LISTED_MAX ? [] : [make("p", { class: "note" }, say("mineLatest", { count: LISTED_MAX }))];
  return [make("h1", {}, say("mineTitle")), list, ...more];
}

/** What becomes of the page after something was done with a report. */
export interface After {
  done: (word: keyof Words) => Promise<void>;
  failed: (error: unknown) => void;
}

/** One of them. */
export async function one(id: string, after: After): Promise<HTMLElement[]> {
  const found = await find(id);
  const back = make("p", {}, make("a", { class: "inside", href: inLanguage(LIST) }, say("mineTitle")));
  if (!found) return [make("h1", {}, say("notThere")), back];
  const { kind, number, standing, photos, history } = found;
  return [
    make("h1", {}, `${kindName(kind)} ${number}`),
    back,
    make("p", {}, make("span", { class: `standing ${standing}` }, standingWord(standing))),
    ...standingMore(found),
    facts(found),
    ...(photos.length > 0 ? [make("h2", {}, say("photos")), make("ul", { class: "photos" }, ...photos.map((of, index) => photo(of, index, after)))] : []),
    make("h2", {}, say("historyTitle")),
    make("ol", { class: "history" }, ...history.map(entry)),
    ...deeds(found, (path, body, word) => act(`/reports/${found.report}/${path}`, body, word, after)),
  ];
}

/** A report of somebody else is none. */
async function find(id: string): Promise<Detail | undefined> {
  try {
    return await get<Detail>(`/reports/${encodeURIComponent(id)}`);
  } catch (error) {
    if (error instanceof Refused && error.code === "not-found") return undefined;
    throw error;
  }
}

function standingMore({ why, duplicate }: Detail): HTMLElement[] {
  const of = duplicate ? make("a", { class: "inside", href: inLanguage(`${LIST}/${duplicate.report}`) }, duplicate.number) : undefined;
  return [...(why ? [make("p", {}, say("why"), " ", why)] : []), ...(of ? [make("p", {}, say("duplicateOf"), " ", of)] : [])];
}

function facts({ place, filed, answers, comment }: Detail): HTMLElement {
  const { lat, lon, accuracy, text, district } = place;
  const at = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  const where = [district, text, accuracy === undefined ? at : say("placeIsAbout", { at, metres: accuracy })];
  const asked = page.kinds.flatMap(({ questions }) => questions);
  const answered = ({ question: id, text }: { question: string; text: string }): [string, string] => {
    const question = asked.find((question) => question.id === id);
    return [question?.question ?? id, question?.choices.find(({ value }) => value === text)?.label ?? text];
  };
  const rows: [string, string][] = [
    [say("filedAt"), moment(filed)],
    [say("placeTitle"), where.filter((part) => part).join(" ")],
    ...answers.map(answered),
    ...(comment ? [[say("commentTitle"), comment] as [string, string]] : []),
  ];
  return make("dl", {}, ...rows.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

function photo({ photo: id, state, fault, small }: Photo, index: number, { failed }: After): HTMLElement {
  const alt = say("photoAlt", { number: index + 1 });
  const words = make("p", { class: "note", role: "status" });
  if (!small) {
    words.textContent = `${alt} ${becameOf(state, fault)}`;
    return make("li", {}, words);
  }
  const enlarge = async (): Promise<void> => {
    words.textContent = "";
    try {
      // Links end soon: the one to look at is asked for when it is looked at.
      const [seen] = await get<Photo[]>(`/photos?ids=${encodeURIComponent(id)}`);
      if (seen?.large) enlarged(seen.large, alt);
      else words.textContent = becameOf(seen?.state ?? "", seen?.fault);
    } catch (error) {
      if (error instanceof NotKnown) return failed(error);
      words.textContent = say("noLine");
    }
  };
  return make("li", {}, make("button", { type: "button", class: "photo", click: () => void enlarge() }, make("img", { src: small, alt })), words);
}

/** What became of a photo of a report that is filed: nothing can be added to it any more. */
function becameOf(state: string, fault: string | undefined): string {
  if (state === "waiting") return say("photoArrived");
  if (state === "withdrawn" || fault === undefined) return say("photoWithdrawn");
  return fault === "gone" ? say("photoNeverCame") : faultOf(fault);
}

/** Shows a photo above the page. */
function enlarged(address: string, alt: string): void {
  const box = make("dialog", { "aria-label": alt }, make("img", { src: address, alt }), make("form", { method: "dialog" }, make("button", { class: "button plain" }, say("close"))));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

function entry({ at, what, by, standing, text }: Entry): HTMLElement {
  const words: Record<Entry["what"], string> = {
    filed: say("wasFiled"),
    state: say("nowStands", { standing: standingWord(standing ?? "") }),
    answered: say("answered"),
    commented: say(by === "reporter" ? "youWrote" : "answered"),
  };
  const said = text ? make("p", { class: by === "town" ? "said town" : "said" }, text) : null;
  return make("li", {}, make("time", { datetime: at, class: "note" }, moment(at)), make("p", {}, words[what]), said);
}

type Again = (path: string, body: object, word: keyof Words) => Promise<string | undefined>;

function deeds({ can }: Detail, again: Again): HTMLElement[] {
  return [
    ...(can.comment ? [writing("comment", "addComment", "addCommentHint", (text) => again("comment", { text }, "commented"))] : []),
    ...(can.reopen ? [writing("reopen", "reopen", "reopenHint", (text) => again("reopen", { text }, "reopened"))] : []),
    ...(can.unfollow ? [unfollowing(again)] : []),
  ];
}

/** A text that is sent. What went wrong is said beside it, and the text stays. */
function writing(id: string, title: keyof Words, hint: keyof Words, write: (text: string) => Promise<string | undefined>): HTMLElement {
  const error = make("p", { class: "error", role: "alert", hidden: true });
  const input = make("textarea", { id, rows: "3", maxlength: String(page.textMax), "aria-describedby": `${id}-hint` });
  const tell = (text: string | undefined): void => {
    error.textContent = text ?? "";
    error.hidden = !text;
    press.disabled = false;
  };
  const press = button(say("sendText"), () => {
    if (input.value.trim() === "") return tell(say("textEmpty"));
    press.disabled = true;
    void write(input.value.trim()).then(tell);
  });
  return make(
    "section",
    {},
    make("h2", {}, make("label", { for: id }, say(title))),
    make("p", { class: "note", id: `${id}-hint` }, say(hint)),
    error,
    input,
    press,
  );
}

function unfollowing(again: Again): HTMLElement {
  const error = make("p", { class: "error", role: "alert" });
  const press = button(say("unfollow"), () => void again("unfollow", {}, "unfollowed").then((text) => (error.textContent = text ?? "")), "quiet");
  return make("section", {}, error, press);
}

const REFUSALS: Readonly<Record<string, keyof Words>> = {
  "history-full": "historyFull",
  "wrong-state": "wrongState",
  unchanged: "wrongState",
  "too-long": "tooLong",
  empty: "textEmpty",
};

/** Does something with a report, and shows it anew; why not, else. */
async function act(path: string, body: object, word: keyof Words, { done, failed }: After): Promise<string | undefined> {
  try {
    await post(path, body).catch((error: unknown) => {
      // Who does not follow it any more does not see it, either: the answer to the first call was lost.
      if (!(word === "unfollowed" && error instanceof Refused && error.code === "not-found")) throw error;
    });
    await done(word);
    return undefined;
  } catch (error) {
    if (error instanceof NotKnown) failed(error);
    return say(error instanceof Refused ? (REFUSALS[error.code] ?? "sendFailed") : "noLine");
  }
}
