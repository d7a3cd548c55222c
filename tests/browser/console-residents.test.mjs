/** @file Counts of residents: begun by a button, followed by a bar, and right. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { PATIENCE_MS, runningCity, unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { simulator } from "./resident.mjs";

const NEW_FRIENDS = 30;
/** A topic that nobody hears who has not chosen it, and that no other test chooses: friends come and go all the time. */
const TOPIC = { id: "wildlife", name: "野生動物・環境" };

/** What the account says in all chats, one after the other. */
async function* accountSays(stream) {
  let text = "";
  for await (const part of stream.body.pipeThrough(new TextDecoderStream())) {
    const events = (text + part).split("\n\n");
    text = events.pop();
    for (const event of events) {
      if (!event.startsWith("event: chat\n")) continue;
      const { userId, message } = JSON.parse(event.split("\ndata: ")[1]);
      if (message.from === "account") yield { userId, said: JSON.stringify(message) };
    }
  }
}

/** Makes residents who follow; once welcomed, each chooses the topic, and is told so. */
async function newFriends(count) {
  const stream = await fetch(`${runningCity().simulator}/simulator/stream`, { signal: AbortSignal.timeout(2 * PATIENCE_MS) });
  const { residents } = await simulator("residents", { count, seed: unique(), webhooks: true });
  const [strangers, choosing] = [new Set(residents.map(({ userId }) => userId)), new Set()];
  for await (const { userId, said } of accountSays(stream)) {
    if (strangers.delete(userId)) {
      choosing.add(userId);
      await simulator(`residents/${userId}/events`, { type: "postback", data: `topic-on:${TOPIC.id}` });
    } else if (said.includes(`「${TOPIC.name}」のお知らせを受け取ります`)) choosing.delete(userId);
    if (strangers.size + choosing.size === 0) return;
  }
  assert.fail(`of ${count} ${strangers.size} were not welcomed, ${choosing.size} not told what they chose`);
}

/** Counts, and gives the number of friends, and of those who hear of the topic. */
async function count(desk, look = () => {}) {
  await desk.main.getByRole("button", { name: /^数え/ }).click();
  const [bar, done] = [desk.main.getByRole("progressbar"), desk.main.getByRole("button", { name: "数えなおす" })];
  await bar.or(done).waitFor();
  if (await bar.isVisible()) {
    await look();
    await desk.main.getByRole("link", { name: "結果を表示" }).click();
    await done.waitFor();
  }
  const number = async (locator) => Number((await locator.innerText()).replace(/\D/g, ""));
  const hearing = desk.main.getByRole("row").filter({ has: desk.page.getByRole("rowheader", { name: TOPIC.name, exact: true }) });
  return {
    friends: await number(desk.main.locator(".tile").filter({ hasText: "友だち" }).first().locator(".tile-value")),
    hear: await number(hearing.getByRole("cell")),
  };
}

test("residents are counted while one looks on, and none is left out", () =>
  withDesk("residents", "reader", async (desk) => {
    await desk.goTo("住民のようす");
    const before = await count(desk, () => desk.looks("residents-counting"));
    await newFriends(NEW_FRIENDS);
    const after = await count(desk);
    assert.equal(after.hear - before.hear, NEW_FRIENDS);
    assert.ok(after.friends >= after.hear, JSON.stringify(after));
    for (const name of ["地区ごとの友だち", "受信トピックごとの友だち", "ことばごとの友だち", "この30日の動き"]) {
      await desk.main.getByRole("heading", { name }).waitFor();
    }
    await desk.looks("residents");
    await desk.goTo("ホーム");
    await desk.reads(`${after.friends.toLocaleString("ja-JP")}人`);
  }));
