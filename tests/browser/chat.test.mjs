/** @file What else a person does in a chat: photos, stickers, places; blocking and coming back; the records beside it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DESKTOP, withPhone } from "./phone.mjs";

/** A PNG of one red pixel. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

test("photos, stickers and places are sent, and answered kindly", () =>
  withPhone("photo", DESKTOP, async (phone) => {
    const { page } = phone;
    await phone.newFriend("伊藤 大輔");
    const photos = page.locator("[data-testid=message][data-from=resident][data-type=image] img");

    await page.getByTestId("plus").click();
    await page.getByTestId("tray-photo").click();
    await phone.answerTo(() => page.getByTestId("sample-photo").first().click(), "写真をありがとうございます");
    assert.ok((await photos.first().evaluate(async (image) => (await image.decode(), image.naturalWidth))) > 100);

    await page.getByTestId("plus").click();
    await page.getByTestId("tray-photo").click();
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByTestId("choose-photo").click()]);
    const file = { name: "pixel.png", mimeType: "image/png", buffer: Buffer.from(PIXEL, "base64") };
    await phone.answerTo(() => chooser.setFiles(file), "写真をありがとうございます");
    assert.equal(await photos.count(), 2);

    await photos.first().click();
    const viewer = page.getByRole("dialog", { name: "写真" });
    await viewer.waitFor();
    await page.keyboard.press("Escape");
    await viewer.waitFor({ state: "detached" });

    await page.getByTestId("plus").click();
    await page.getByTestId("tray-sticker").click();
    await phone.answerTo(() => page.getByTestId("sticker").first().click(), "スタンプをありがとうございます");

    await page.getByTestId("plus").click();
    await page.getByTestId("tray-location").click();
    await page.getByTestId("map").waitFor();
    await phone.answerTo(() => page.getByTestId("dialog-ok").click(), "位置情報をありがとうございます");
  }));

test("who blocks hears nothing, and is welcomed back with their settings kept", () =>
  withPhone("block", DESKTOP, async (phone) => {
    const { page } = phone;
    const start = await phone.newFriend("渡辺 久美子");
    const districts = await phone.answerTo(() => phone.press(start, "地区を選ぶ"), "お住まいの地区", "桜木");
    await phone.answerTo(() => phone.press(districts, "桜木"), "お住まいの地区を「桜木」にしました。");

    await page.getByTestId("block").click();
    await page.getByText("このアカウントをブロックしています").waitFor();
    assert.equal(await phone.composer.isVisible(), false);
    assert.equal(await phone.menuBar.isVisible(), false);

    await phone.answerTo(() => page.getByTestId("follow").click(), "いまの設定", "桜木");
    await phone.composer.waitFor();
    await phone.menuBar.waitFor();
  }));

test("what the account says while the page still reads the chat is not lost", () =>
  withPhone("late", DESKTOP, async (phone) => {
    const { page } = phone;
    await phone.createResident("吉田 恵");
    // The chat as it was before the greeting, handed over only after the greeting was seen.
    await page.route("**/simulator/residents/*/chat?*", async (route) => {
      const chat = await (await route.fetch()).json();
      await phone.hears("はじめに、設定をしましょう");
      await route.fulfill({ json: { messages: chat.messages.filter(({ from }) => from === "resident") } });
    });
    await Promise.all([page.waitForResponse("**/simulator/residents/*/chat?*"), phone.follow()]);
    await phone.answerTo(() => phone.say("使い方"), "捨てたいものの名前を送ると");
    assert.equal(await phone.saying(["はじめに、設定をしましょう"]).count(), 1);
  }));

test("the records beside the phone show the webhook and the reply", () =>
  withPhone("records", DESKTOP, async (phone) => {
    const { page } = phone;
    await phone.newFriend("中村 蓮");
    await page.getByTestId("inspector-mine").check();
    const entries = page.getByTestId("inspector-entry");
    const webhook = entries.filter({ hasText: "友だち追加" });
    await webhook.first().waitFor();
    const reply = entries.filter({ hasText: "/v2/bot/message/reply" });
    await reply.first().waitFor();
    assert.match(await reply.first().innerText(), /200/);
    await webhook.first().locator("summary").click();
    await webhook.first().locator("pre").filter({ hasText: '"webhookEventId"' }).waitFor();
  }));
