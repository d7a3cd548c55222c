/** @file The other lane: every file of tests that is not in chats.lane.mjs, one after another. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What only files of the other lane do: tap quick replies, have something approved that is sent, change the rules of sending. */
const OF_CHATS = /quickReply|asksForApproval|\.approves\(|settings\/sending/;

const read = (file) => readFileSync(join(import.meta.dirname, file), "utf8");
const chats = read("chats.lane.mjs");
const tests = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".test.mjs"));
const files = tests.filter((file) => !chats.includes(`"${file.replace(".test.mjs", "")}"`));
const astray = files.filter((file) => OF_CHATS.test(read(file)));
if (astray.length > 0) throw new Error(`these belong into chats.lane.mjs: ${astray.join(", ")}`);
for (const file of files.sort()) await import(`./${file}`);
