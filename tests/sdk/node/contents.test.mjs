/** What residents sent: contents, previews, and whether they are ready. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { LineBotClient } from "@line/bot-sdk";

import { ACCESS_TOKEN, bytesOf, city, png, refused } from "./city.mjs";

const town = city();

test("a photo and its preview", async () => {
  const photo = png(40, 30);
  const fields = { data: photo.toString("base64"), contentType: "image/png" };
  const { messageId } = await town.play(await town.resident(), "image", fields);
  const { httpResponse, body } = await town.api.getMessageContentWithHttpInfo(messageId);
  assert.equal(httpResponse.headers.get("content-type"), "image/png");
  assert.deepEqual(await bytesOf(body), photo);
  assert.ok((await bytesOf(await town.api.getMessageContentPreview(messageId))).length > 0);
});

test("a video is prepared first", async () => {
  await town.simulator.call("PUT", "/limits", { contentReadyAfterMs: 5_000 });
  const data = Buffer.from("moving pictures").toString("base64");
  const { messageId } = await town.play(await town.resident(), "video", { data });
  const early = await town.api.getMessageContentWithHttpInfo(messageId);
  assert.equal(early.httpResponse.status, 202);
  await bytesOf(early.body);
  const status = async () => (await town.api.getMessageContentTranscodingByMessageId(messageId)).status;
  assert.equal(await status(), "processing");
  await town.simulator.call("PUT", "/clock", { advanceMs: 5_000 });
  assert.equal(await status(), "succeeded");
  assert.equal(String(await bytesOf(await town.api.getMessageContent(messageId))), "moving pictures");
});

test("what was taken back is gone", async () => {
  const user = await town.resident();
  const { messageId } = await town.play(user, "image");
  await town.play(user, "unsend", { messageId });
  await refused(410, () => town.api.getMessageContent(messageId));
});

test("an unknown content is 404", () => refused(404, () => town.api.getMessageContent("1")));

test("a client of the wrong host finds nothing", async () => {
  const { messageId } = await town.play(await town.resident(), "image");
  const { url, dataUrl } = town.simulator;
  const lost = LineBotClient.fromChannelAccessToken({
    channelAccessToken: ACCESS_TOKEN,
    apiBaseURL: dataUrl,
    dataApiBaseURL: url,
  });
  await refused(404, () => lost.getMessageContent(messageId));
  await refused(404, () => lost.getBotInfo());
});
