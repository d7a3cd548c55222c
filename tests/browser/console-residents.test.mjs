/** @file Counts of residents: begun by a button, followed by a bar, and right. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { PATIENCE_MS, runningCity, unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";

const NEW_FRIENDS = 30;

/** Makes residents who follow, and waits until each has been welcomed. */
async function newFriends(count) {
  const { simulator } = runningCity();
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const stream = await fetch(`${simulator}/simulator/stream`, { signal });
  const body = JSON.stringify({ count, seed: unique(), webhooks: true });
  const made = await fetch(`${simulator}/simulator/residents`, { method: "POST", body, signal });
  const waiting = new Set((await made.json()).residents.map(({ userId }) => userId));
  let text = "";
  for await (const part of stream.body.pipeThrough(new TextDecoderStream())) {
    const events = (text + part).split("\n\n");
    text = events.pop();
    for (const event of events) {
      if (!event.startsWith("event: chat\n")) continue;
      const { userId, message } = JSON.parse(event.split("\ndata: ")[1]);
      if (message.from === "account") waiting.delete(userId);
    }
    if (waiting.size === 0) return;
  }
  assert.fail(`${waiting.size} of ${count} were not welcomed`);
}

/** Counts, and gives the number of friends. */
async function count(desk, look = () => {}) {
  await desk.main.getByRole("button", { name: /^数え/ }).click();
  const [bar, done] = [desk.main.getByRole("progressbar"), desk.main.getByRole("button", { name: "数えなおす" })];
  await bar.or(done).waitFor();
  if (await bar.isVisible()) {
    await look();
    await desk.main.getByRole("link", { name: "結果を表示" }).click();
    await done.waitFor();
  }
  return Number((await desk.main.locator(".tile").filter({ hasText: "友だち" }).first().locator(".tile-value").innerText()).replace(/\D/g, ""));
}

test("residents are counted while one looks on, and none is left out", () =>
  withDesk("residents", "reader", async (desk) => {
    await desk.goTo("住民のようす");
    const before = await count(desk, () => desk.looks("residents-counting"));
    await newFriends(NEW_FRIENDS);
    const after = await count(desk);
    assert.equal(after - before, NEW_FRIENDS);
    for (const name of ["地区ごとの友だち", "受信トピックごとの友だち", "ことばごとの友だち", "この30日の動き"]) {
      await desk.main.getByRole("heading", { name }).waitFor();
    }
    await desk.looks("residents");
    await desk.goTo("ホーム");
    await desk.reads(`${after.toLocaleString("ja-JP")}人`);
  }));
