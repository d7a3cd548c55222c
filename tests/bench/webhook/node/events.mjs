/** Events per second on one core, as `events.rs` measures them: node events.mjs FOLDER. */

import { readFileSync } from "node:fs";

import { entriesOf } from "./webhook.mjs";

const SECRET = "8c570fa6dd201bb328f1c1eac23a96d8";
const ROUNDS = 3;
const ROUND_MS = 300;
const folder = process.argv[2];

function round(body, signature, size) {
  const began = performance.now();
  let taken = 0;
  while (performance.now() - began < ROUND_MS) {
    if (entriesOf(body, signature, SECRET, 0)?.length !== size) throw new Error("an event was lost");
    taken += 1;
  }
  return (taken * size) / ((performance.now() - began) / 1000);
}

const figures = {};
for (const size of [1, 10, 100]) {
  const body = readFileSync(`${folder}/${size}.json`, "utf8");
  const signature = readFileSync(`${folder}/${size}.signature`, "utf8");
  // The first round, in which the engine compiles, is not counted.
  figures[size] = Array.from({ length: ROUNDS + 1 }, () => round(body, signature, size)).slice(1);
}
console.log(JSON.stringify(figures));
