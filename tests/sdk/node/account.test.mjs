/** The account and its friends: quota, counts, profiles, followers, animation, webhook endpoint. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { city, text } from "./city.mjs";

const town = city();
const DAY_MS = 24 * 3600 * 1000;

test("quota and consumption", async () => {
  assert.equal((await town.api.getMessageQuota()).type, "none");
  await town.simulator.call("PUT", "/limits", { monthlyQuota: 1_000 });
  assert.deepEqual(await town.api.getMessageQuota(), { type: "limited", value: 1_000 });
  const before = (await town.api.getMessageQuotaConsumption()).totalUsage;
  await town.api.pushMessage({ to: await town.resident(), messages: [text()] });
  assert.equal((await town.api.getMessageQuotaConsumption()).totalUsage, before + 1);
  await town.simulator.call("PUT", "/limits", { monthlyQuota: null });
});

test("sent messages are counted by day and way", async () => {
  const user = await town.resident();
  const messages = [text()];
  await town.simulator.call("PUT", "/clock", { now: "2030-06-01T12:00:00+09:00" });
  const { replyToken } = await town.play(user, "text", { text: "?" });
  await town.api.replyMessage({ replyToken, messages });
  await town.api.pushMessage({ to: user, messages });
  await town.api.multicast({ to: [user], messages });
  await town.api.broadcast({ messages });
  const ways = ["Reply", "Push", "Multicast", "Broadcast"];
  const count = (way) => town.api[`getNumberOfSent${way}Messages`]("20300601");
  for (const way of ways) assert.equal((await count(way)).status, "unready", way);
  await town.simulator.call("PUT", "/clock", { advanceMs: DAY_MS });
  for (const way of ways) {
    const counted = await count(way);
    assert.equal(counted.status, "ready", way);
    assert.ok(counted.success >= 1, way);
  }
});

test("a friend's profile", async () => {
  const wish = { count: 1, seed: "named", name: "甲斐 蘭", webhooks: false };
  const [{ userId }] = (await town.simulator.call("POST", "/residents", wish)).residents;
  assert.deepEqual(await town.api.getProfile(userId), { userId, displayName: "甲斐 蘭", language: "ja" });
});

test("followers come in pages", async () => {
  const expected = await town.residents(7);
  const found = [];
  let start;
  for (let page = 0; page < 50; page += 1) {
    const { userIds, next } = await town.api.getFollowers(start, 3);
    found.push(...userIds);
    start = next;
    if (!next) break;
  }
  assert.equal(start, undefined);
  assert.equal(new Set(found).size, found.length);
  assert.ok(expected.every((user) => found.includes(user)));
});

test("the account itself", async () => {
  const info = await town.api.getBotInfo();
  assert.match(info.userId, /^U[0-9a-f]{32}$/);
  assert.equal(info.chatMode, "bot");
});

test("a link token", async () => {
  const user = await town.resident();
  const [first, second] = [await town.api.issueLinkToken(user), await town.api.issueLinkToken(user)];
  assert.ok(first.linkToken);
  assert.notEqual(first.linkToken, second.linkToken);
});

test("the loading animation", async () => {
  const request = { chatId: await town.resident(), loadingSeconds: 5 };
  assert.equal((await town.api.showLoadingAnimationWithHttpInfo(request)).httpResponse.status, 202);
});

test("messages are marked as read", async () => {
  await town.play(await town.resident(), "text", { text: "?" });
  const [{ message }] = (await town.listener.next()).events;
  await town.api.markMessagesAsReadByToken({ markAsReadToken: message.markAsReadToken });
});

test("the webhook endpoint is set, read and tried", async () => {
  const endpoint = `${town.listener.url}?set-by-the-sdk`;
  await town.api.setWebhookEndpoint({ endpoint });
  assert.deepEqual(await town.api.getWebhookEndpoint(), { endpoint, active: true });
  const good = await town.api.testWebhookEndpoint({});
  assert.deepEqual([good.success, good.statusCode, good.reason], [true, 200, "OK"]);
  assert.deepEqual((await town.listener.next()).events, []);
  town.listener.status = 503;
  const bad = await town.api.testWebhookEndpoint({ endpoint: town.listener.url });
  assert.deepEqual([bad.success, bad.statusCode, bad.reason], [false, 503, "ERROR_STATUS_CODE"]);
});
