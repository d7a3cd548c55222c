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

test("garbage reminders are chosen by taps, confirmed, and stopped", () =>
  withPhone("reminders", DESKTOP, async (phone) => {
    const start = await phone.newFriend("小林 真由美");
    await phone.answerTo(() => phone.say("ごみの日のお知らせ"), "お住まいの地区が必要です");
    const districts = await phone.answerTo(() => phone.press(start, "地区を選ぶ"), "お住まいの地区", "本町");
    await phone.answerTo(() => phone.press(districts, "本町"), "お住まいの地区を「本町」にしました。");
    const next = await phone.hears("本町の次の収集日", "(前の日の夜7時)");

    const cards = await phone.answerTo(() => phone.press(next, "ごみの日のお知らせ"), "お知らせするごみを押して", "✓ 燃やさないごみ");
    await phone.answerTo(() => cards.getByRole("button", { name: "燃やすごみ" }).click(), "燃やすごみ: 前の日の夜7時にお知らせします。");
    const changed = await phone.hears("お知らせするごみを押して", "✓ 燃やすごみ");
    await phone.answerTo(() => changed.getByRole("button", { name: "朝6時30分" }).click(), "前の日の夜7時とその日の朝6時30分にお知らせします。");
    const settings = await phone.answerTo(() => phone.say("設定"), "いまの設定", "前の日の夜7時とその日の朝6時30分");
    await phone.answerTo(() => phone.press(settings, "ごみの日のお知らせ"), "お知らせするごみを押して", "✓ 朝6時30分");
    await phone.answerTo(() => phone.quickReply("すべて止める").click(), "ごみの日のお知らせをすべて止めました。");
    await phone.answerTo(() => phone.quickReply("また知らせる").click(), "前の日の夜7時にお知らせします。");
  }));

test("today, tomorrow and the next day of a kind of garbage are answered", () =>
  withPhone("days", DESKTOP, async (phone) => {
    const start = await phone.newFriend("加藤 翔太");
    const districts = await phone.answerTo(() => phone.press(start, "地区を選ぶ"), "お住まいの地区", "本町");
    await phone.answerTo(() => phone.press(districts, "本町"), "お住まいの地区を「本町」にしました。");
    await phone.answerTo(() => phone.say("きょうのごみは？"), "今日 ", "のごみ");
    await phone.answerTo(() => phone.quickReply("明日のごみ").click(), "明日 ", "のごみ");
    await phone.answerTo(() => phone.quickReply("次の燃やさないごみ").click(), "燃やさないごみ", "次の収集日");
    await phone.answerTo(() => phone.say("つぎの不燃ごみ"), "燃やさないごみ", "次の収集日");
  }));

test("what the account says while the page still reads the chat is not lost", () =>
  withPhone("late", DESKTOP, async (phone) => {
    const { page } = phone;
    await phone.createResident("吉田 恵");
    const greeting = "はじめに、設定をしましょう";
    // The chat as it was when the page asked, handed over only after the greeting was seen. At times that comes before the page asks.
    await page.route("**/simulator/residents/*/chat?*", async (route) => {
      const isEarly = (await phone.saying([greeting]).count()) > 0;
      const { messages } = await (await route.fetch()).json();
      await phone.hears(greeting);
      await route.fulfill({ json: { messages: isEarly ? messages : messages.filter(({ from }) => from === "resident") } });
    });
    await Promise.all([page.waitForResponse("**/simulator/residents/*/chat?*"), phone.follow()]);
    await phone.answerTo(() => phone.say("使い方"), "捨てたいものの名前を送ると");
    assert.equal(await phone.saying([greeting]).count(), 1);
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
