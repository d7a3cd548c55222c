/** Reply, push, multicast, narrowcast, broadcast: what the SDK sends arrives as it was written. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { city, refused, text } from "./city.mjs";

const town = city();
const PICTURE = "https://example.com/picture.jpg";

/** A message of every kind that the simulator knows, with every action in it somewhere. */
function kinds() {
  const actions = [
    { type: "message", label: "Say", text: "ごみ" },
    { type: "postback", label: "Tap", data: "a=1", displayText: "押す" },
    { type: "uri", label: "Open", uri: "https://example.com/" },
    { type: "datetimepicker", label: "Date", data: "d", mode: "date", initial: "2026-04-01" },
  ];
  const quickOnly = ["camera", "cameraRoll", "location"].map((type) => ({ type, label: type }));
  const column = { text: "Column", title: "Title", thumbnailImageUrl: PICTURE, actions: actions.slice(0, 2) };
  const emoji = { productId: "5ac1bfd5040ab15980c9b435", emojiId: "001" };
  const bubble = {
    type: "bubble",
    header: { type: "box", layout: "vertical", contents: [{ type: "text", text: "Head", weight: "bold", size: "lg" }] },
    hero: { type: "image", url: PICTURE, size: "full", aspectRatio: "20:13", aspectMode: "cover" },
    body: {
      type: "box",
      layout: "vertical",
      contents: [
        { type: "text", text: "Body", wrap: true, contents: [{ type: "span", text: "span", color: "#ff0000" }] },
        { type: "separator", margin: "md" },
        { type: "box", layout: "baseline", contents: [{ type: "icon", url: PICTURE }, { type: "filler" }] },
      ],
    },
    footer: { type: "box", layout: "horizontal", contents: [{ type: "button", action: actions[1], style: "primary" }] },
  };
  const template = (altText, content) => ({ type: "template", altText, template: content });
  return [
    {
      type: "text",
      text: "$ words",
      emojis: [{ index: 0, ...emoji }],
      quickReply: { items: [...actions, ...quickOnly].map((action) => ({ type: "action", action })) },
    },
    { type: "textV2", text: "Hi {name}", substitution: { name: { type: "emoji", ...emoji } } },
    { type: "sticker", packageId: "446", stickerId: "1988" },
    { type: "image", originalContentUrl: PICTURE, previewImageUrl: PICTURE },
    { type: "video", originalContentUrl: "https://example.com/v.mp4", previewImageUrl: PICTURE },
    { type: "audio", originalContentUrl: "https://example.com/a.m4a", duration: 60_000 },
    { type: "location", title: "City hall", address: "1-1", latitude: 34.7, longitude: 136.5 },
    {
      type: "imagemap",
      baseUrl: "https://example.com/map",
      altText: "Map",
      baseSize: { width: 1040, height: 520 },
      actions: [{ type: "uri", linkUri: "https://example.com/", area: { x: 0, y: 0, width: 520, height: 520 } }],
    },
    template("Buttons", { type: "buttons", text: "Choose", actions }),
    template("Confirm", { type: "confirm", text: "Sure?", actions: actions.slice(0, 2) }),
    template("Carousel", { type: "carousel", columns: [column, column] }),
    template("Pictures", { type: "image_carousel", columns: [{ imageUrl: PICTURE, action: actions[2] }] }),
    { type: "flex", altText: "Bubble", contents: bubble },
    { type: "flex", altText: "Carousel", contents: { type: "carousel", contents: [bubble, bubble] } },
  ];
}

test("a reply token works once", async () => {
  const user = await town.resident();
  const { replyToken } = await town.play(user, "text", { text: "ごみ" });
  const request = { replyToken, messages: [text("可燃ごみ"), text("火曜日")] };
  const { sentMessages } = await town.api.replyMessage(request);
  assert.equal(new Set(sentMessages.map((message) => message.id)).size, 2);
  assert.ok(sentMessages[0].quoteToken);
  assert.deepEqual(await town.heard(user), request.messages);
  const refusal = await refused(400, () => town.api.replyMessage(request));
  assert.equal(refusal.message, "Invalid reply token");
});

test("every kind of message can be pushed", async () => {
  const user = await town.resident();
  const messages = kinds();
  for (let start = 0; start < messages.length; start += 5) {
    const some = messages.slice(start, start + 5);
    const { sentMessages } = await town.api.pushMessage({ to: user, messages: some });
    assert.equal(sentMessages.length, some.length);
  }
  assert.deepEqual(await town.heard(user), messages);
});

test("a multicast reaches those it names", async () => {
  const users = await town.residents(3);
  await town.api.multicast({ to: [users[0], users[2]], messages: [text("回覧")] });
  const heard = await Promise.all(users.map(town.heard));
  assert.deepEqual(heard.map((messages) => messages.length), [1, 0, 1]);
});

test("a narrowcast is accepted first and sent then", async () => {
  const user = await town.resident();
  const { httpResponse } = await town.api.narrowcastWithHttpInfo({ messages: [text("narrowcast")] }, randomUUID());
  assert.equal(httpResponse.status, 202);
  const requestId = httpResponse.headers.get("x-line-request-id");
  assert.equal((await town.api.getNarrowcastProgress(requestId)).phase, "waiting");
  await town.simulator.call("PUT", "/clock", { advanceMs: 5_000 });
  const progress = await town.api.getNarrowcastProgress(requestId);
  assert.deepEqual([progress.phase, progress.failureCount], ["succeeded", 0]);
  assert.equal(progress.successCount, progress.targetCount);
  assert.deepEqual(await town.heard(user), [text("narrowcast")]);
});

test("a broadcast reaches everybody who follows", async () => {
  const [friend, stranger] = await town.residents(2);
  await town.play(stranger, "unfollow");
  await town.api.broadcast({ messages: [text("避難")] }, randomUUID());
  assert.deepEqual(await town.heard(friend), [text("避難")]);
  assert.deepEqual(await town.heard(stranger), []);
});

test("messages can be validated for each way", async () => {
  for (const way of ["Reply", "Push", "Multicast", "Narrowcast", "Broadcast"]) {
    const validate = (message) => town.api[`validate${way}`]({ messages: [message] });
    await validate(text());
    const { details } = await refused(400, () => validate(text("x".repeat(5_001))));
    assert.equal(details[0].property, "messages[0].text", way);
  }
});
