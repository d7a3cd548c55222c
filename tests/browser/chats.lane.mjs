/**
 * @file One of the two lanes in which all tests run: files that hold a phone whose quick replies they tap, which are gone when anything else
 * comes; and, as that comes to every phone, files that send to all, and those that change the rules of sending. And some others, so that both
 * lanes take as long.
 */

import { describe } from "node:test";

// First, and not within the suite below: it closes the browser when the lane has ended, and not when that suite has.
import "./browser.mjs";

/** Two side by side: they wait for the clock most of the time, and no phone of theirs taps a quick reply. */
const TO_ALL = ["news", "console-reminders", "console-broadcasts"];
/** One after another. */
const OTHERS = ["console-settings", "access", "chat", "liff", "menu", "report", "story"];
/** Those that could be in the other lane. */
const ANY = ["console-trial", "portal-sign-out", "reports-outside", "reports-released"];

describe("what is sent to all", { concurrency: 2 }, async () => {
  for (const name of TO_ALL) await import(`./${name}.test.mjs`);
});
for (const name of [...OTHERS, ...ANY]) await import(`./${name}.test.mjs`);
