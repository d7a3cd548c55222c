/** Webhooks: the SDK's middleware takes the simulator's signatures, and refuses every other. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { validateSignature } from "@line/bot-sdk";

import { CHANNEL_SECRET, city } from "./city.mjs";

const town = city();

/** The event that something a resident does becomes. */
async function one(user, kind, fields) {
  const played = await town.play(user, kind, fields);
  assert.equal(played.delivery.status, 200);
  const { destination, events } = await town.listener.next();
  assert.match(destination, /^U[0-9a-f]{32}$/);
  assert.equal(events.length, 1);
  assert.equal(events[0].webhookEventId, played.webhookEventId);
  assert.deepEqual(events[0].source, { type: "user", userId: user });
  assert.deepEqual([events[0].mode, events[0].deliveryContext], ["active", { isRedelivery: false }]);
  return events[0];
}

test("a webhook of another channel is refused", async () => {
  const [user] = await town.residents();
  await town.simulator.call("PUT", "/limits", { redeliveries: 0 });
  await town.simulator.call("PUT", "/config", { channelSecret: "another secret" });
  assert.equal((await town.play(user, "text", { text: "ごみ" })).delivery.status, 401);
  await town.simulator.call("PUT", "/config", { channelSecret: CHANNEL_SECRET });
  await town.simulator.call("PUT", "/limits", { redeliveries: 4 });
  assert.equal((await one(user, "text", { text: "ごみ" })).message.text, "ごみ");
});

test("the SDK's own idea of a signature", () => {
  const signature = createHmac("sha256", CHANNEL_SECRET).update("{}").digest("base64");
  assert.equal(validateSignature("{}", CHANNEL_SECRET, signature), true);
  assert.equal(validateSignature("{} ", CHANNEL_SECRET, signature), false);
});

test("following, blocking and coming back", async () => {
  const user = await town.resident();
  assert.equal((await one(user, "unfollow")).type, "unfollow");
  const event = await one(user, "follow");
  assert.deepEqual([event.type, event.follow], ["follow", { isUnblocked: true }]);
  assert.ok(event.replyToken);
});

test("messages of every kind", async () => {
  const user = await town.resident();
  const place = { latitude: 34.7, longitude: 136.5, title: "City hall", address: "1-1" };
  const sticker = { packageId: "446", stickerId: "1988" };
  const text = { text: "かんでんち" };
  const played = { text, image: {}, video: {}, audio: {}, file: {}, location: place, sticker };
  for (const [kind, fields] of Object.entries(played)) {
    const { type, message, replyToken } = await one(user, kind, fields);
    assert.deepEqual([type, message.type], ["message", kind]);
    assert.ok(replyToken);
    assert.deepEqual({ ...message, ...fields }, message);
  }
});

test("taps", async () => {
  const postback = { data: "day=1", params: { date: "2026-04-01" } };
  assert.deepEqual((await one(await town.resident(), "postback", postback)).postback, postback);
});

test("taking back", async () => {
  const user = await town.resident();
  const messageId = (await one(user, "text", { text: "oops" })).message.id;
  assert.deepEqual((await one(user, "unsend", { messageId })).unsend, { messageId });
});

test("several residents in one body", async () => {
  const users = await town.residents(5);
  const events = users.map((userId, index) => ({ userId, type: "text", text: String(index) }));
  await town.simulator.call("POST", "/events", { events });
  const got = (await town.listener.next()).events;
  assert.deepEqual(got.map((event) => event.source.userId), users);
});

test("what was not taken comes again and says so", async () => {
  town.listener.status = 500;
  const { delivery } = await town.play(await town.resident(), "text", { text: "again" });
  assert.deepEqual(delivery, { status: 500, attempts: 1, redelivering: true });
  const [first] = (await town.listener.next()).events;
  town.listener.status = 200;
  await town.simulator.call("PUT", "/clock", { advanceMs: 60_000 });
  const [again] = (await town.listener.next()).events;
  assert.deepEqual(again, { ...first, deliveryContext: { isRedelivery: true } });
});
