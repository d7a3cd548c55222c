/** @file How a report stands, in a word. */

import { say } from "./page.ts";
import type { Words } from "./words.ts";

const WORDS: Readonly<Record<string, keyof Words>> = {
  received: "received",
  checking: "checking",
  working: "working",
  done: "done",
  declined: "declined",
  duplicate: "duplicate",
};

export function standingWord(standing: string): string {
  const word = WORDS[standing];
  return word ? say(word) : standing;
}
