/** @file What the server wrote into the page: its configuration, the kinds of reports, and all words. */

import type { Words } from "./words.ts";

/** An answer that may be chosen; `value` is what staff read. */
interface Choice {
  value: string;
  label: string;
}

/** What is asked about a kind. Without choices anything may be written. */
export interface Question {
  id: string;
  question: string;
  choices: Choice[];
}

/** A kind of report. `closed` says why none is taken; `urgent` what must be told by telephone. */
export interface Kind {
  id: string;
  name: string;
  description: string;
  urgent: string;
  phone: string;
  closed: string;
  questions: Question[];
}

/** Latitude and longitude in degrees. */
export type At = [number, number];

interface Page {
  town: string;
  liffId: string;
  liffScript: string | null;
  /** Where the tiles of the map are; without them the page has no map. */
  tiles: string | null;
  mapStyle: string;
  /** What the map shows at first: the south-west corner of the town and its north-east one. */
  frame: [At, At] | null;
  language: string;
  kinds: Kind[];
  photosMax: number;
  photoBytesMax: number;
  textMax: number;
  placeTextMax: number;
  words: Words;
}

export const page = JSON.parse(document.getElementById("page-data")?.textContent ?? "") as Page;

const MB = 1_000_000;
const BLANKS = { town: page.town, size: Math.floor(page.photoBytesMax / MB) };

/** A sentence of the page's language; `{name}` in it is replaced. */
export function say(name: keyof Words, blanks: Readonly<Record<string, string | number>> = {}): string {
  const known: Readonly<Record<string, string | number>> = { ...BLANKS, ...blanks };
  return page.words[name].replace(/\{(\w+)\}/g, (whole, blank: string) => String(known[blank] ?? whole));
}

/** The name of a kind; one that the town no longer has is its id. */
export function kindName(id: string): string {
  return page.kinds.find((kind) => kind.id === id)?.name ?? id;
}

/** A moment in Japan, as it is written in the page's language. */
export function moment(at: string): string {
  const style = { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Tokyo" } as const;
  return new Intl.DateTimeFormat(page.language === "en" ? "en-GB" : "ja-JP", style).format(new Date(at));
}

/** An address of these pages in the language of this one. */
export function inLanguage(path: string): string {
  return page.language === "ja" ? path : `${path}?lang=${page.language}`;
}
