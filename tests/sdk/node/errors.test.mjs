/** Refusals: the SDK throws what LINE's errors make it throw, with what LINE says about them. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { HTTPFetchError } from "@line/bot-sdk";

import { city, refused, text } from "./city.mjs";

const town = city();
const push = (to, { message = text(), retryKey } = {}) =>
  town.api.pushMessageWithHttpInfo({ to, messages: [message] }, retryKey);
const fault = (rule) => town.simulator.call("PUT", "/faults", { rules: [rule] });

test("a retry key is accepted once", async () => {
  const user = await town.resident();
  const retryKey = randomUUID();
  const accepted = await push(user, { retryKey });
  const { error, sentMessages } = await refused(409, () => push(user, { retryKey }));
  const id = accepted.httpResponse.headers.get("x-line-request-id");
  assert.equal(error.headers.get("x-line-accepted-request-id"), id);
  assert.notEqual(error.headers.get("x-line-request-id"), id);
  assert.deepEqual(sentMessages, accepted.body.sentMessages);
  assert.equal((await town.heard(user)).length, 1);
});

test("a retry key works where the first answer was lost", async () => {
  const user = await town.resident();
  const retryKey = randomUUID();
  await fault({ on: "multicast", kind: "timeoutAfterAccept", times: 1, ms: 0 });
  const multicast = () => town.api.multicast({ to: [user], messages: [text()] }, retryKey);
  await assert.rejects(multicast, (error) => !(error instanceof HTTPFetchError));
  await refused(409, multicast);
  assert.equal((await town.heard(user)).length, 1);
});

test("what is wrong is said in details", async () => {
  const user = await town.resident();
  const { details } = await refused(400, () => push(user, { message: text("") }));
  assert.equal(details[0].property, "messages[0].text");
});

test("one wrong recipient refuses the whole multicast", async () => {
  const user = await town.resident();
  const multicast = () => town.api.multicast({ to: [user, "nobody"], messages: [text()] });
  assert.deepEqual((await refused(400, multicast)).details, [{ message: "Invalid user ID", property: "to[1]" }]);
  assert.deepEqual(await town.heard(user), []);
});

test("an unknown token is 401", () => refused(401, () => town.apiWith("unknown").getBotInfo()));

test("what is not there is 404", async () => {
  await refused(404, () => town.api.getProfile(`U${"0".repeat(32)}`));
  await refused(404, () => town.api.getRichMenu("richmenu-0"));
});

test("both kinds of 429", async () => {
  const user = await town.resident();
  for (const [kind, words] of [["rate429", /rate limit/], ["quota429", /monthly limit/]]) {
    await fault({ on: "push", kind, times: 1 });
    assert.match((await refused(429, () => push(user))).message, words);
  }
  await push(user);
});

test("the rate limit itself is 429", async () => {
  const user = await town.resident();
  await town.simulator.call("PUT", "/clock", { now: "2030-01-01T00:00:00+09:00", frozen: true });
  await town.simulator.call("PUT", "/limits", { multicastPerSecond: 2 });
  const multicast = () => town.api.multicast({ to: [user], messages: [text()] });
  try {
    await multicast();
    await multicast();
    await refused(429, multicast);
  } finally {
    await town.simulator.call("PUT", "/limits", { multicastPerSecond: 200 });
    await town.simulator.call("PUT", "/clock", { real: true });
  }
});

test("a failure of LINE's is 500", async () => {
  const user = await town.resident();
  await fault({ on: "push", kind: "error500", times: 1 });
  await refused(500, () => push(user));
  assert.deepEqual(await town.heard(user), []);
});
