/** @file The rich menu: open, tabs, taps; and the settings behind it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DESKTOP, withPhone } from "./phone.mjs";

test("the menu opens, changes its tab, answers a tap, and closes", () =>
  withPhone("menu", DESKTOP, async (phone) => {
    await phone.newFriend("鈴木 美咲");
    await phone.openMenu();
    const picture = phone.page.locator("#rich-menu img");
    await picture.waitFor();
    assert.ok(await picture.evaluate(async (image) => (await image.decode(), image.naturalWidth)) > 0, "the menu's picture is shown");
    await phone.menuArea("次の収集日を見る").waitFor();

    await phone.tapMenu("せってい・その他");
    await phone.menuArea("ことば Language").waitFor();
    assert.equal(await phone.menuArea("次の収集日を見る").count(), 0, "the first tab is gone");
    await phone.tapMenu("くらしのメニュー");
    await phone.answerTo(() => phone.tapMenu("次の収集日を見る"), "お住まいの地区を選ぶと、次の収集日をお知らせできます。");
    await phone.answerTo(() => phone.tapMenu("ごみの分け方をしらべる"), "捨てたいものの名前を送ってください。");

    await phone.tapMenu("市のホームページを開く");
    const dialog = phone.page.getByTestId("dialog");
    await dialog.getByText("https://www.example.jp/koharuno/").waitFor();
    await phone.page.getByTestId("dialog-cancel").click();
    await dialog.waitFor({ state: "detached" });

    await phone.menuBar.click();
    await phone.menuArea("次の収集日を見る").waitFor({ state: "hidden" });
  }));

test("settings are changed and cleared by the menu", () =>
  withPhone("settings", DESKTOP, async (phone) => {
    await phone.newFriend("高橋 昭夫");
    await phone.tapMenu("せってい・その他");

    const districts = await phone.answerTo(() => phone.tapMenu("お住まいの地区"), "お住まいの地区", "港町");
    await phone.answerTo(() => phone.press(districts, "港町"), "お住まいの地区を「港町」にしました。");

    const topics = await phone.answerTo(() => phone.tapMenu("受け取るお知らせ"), "受信トピック", "ごみの収集日");
    const off = await phone.answerTo(() => phone.press(topics, "✓ 防犯・交通安全"), "受信トピック", "防犯・交通安全");
    await phone.hears("「防犯・交通安全」のお知らせを止めました。");
    await phone.answerTo(() => off.getByRole("button", { name: "子育て" }).click(), "「子育て」のお知らせを受け取ります。");

    const year = new Date().getFullYear() - 2;
    const children = await phone.answerTo(() => phone.tapMenu("お子さんの生まれた月"), "お子さんの生まれ月", "まだ登録がありません。");
    await phone.answerTo(() => phone.press(children, "お子さんを登録する"), "お子さんは何年生まれですか。");
    await phone.answerTo(() => phone.quickReply(`${year}年`).click(), `${year}年の何月生まれですか。`);
    await phone.answerTo(() => phone.quickReply("5月").click(), `${year}年5月生まれのお子さんを登録しました。`);

    const settings = await phone.answerTo(() => phone.tapMenu("今の設定を見る"), "いまの設定", "港町", `${year}年5月`);
    const shown = await settings.innerText();
    assert.ok(shown.includes("子育て") && !shown.includes("防犯・交通安全"), shown);

    await phone.answerTo(() => phone.press(settings, "設定をすべて消す"), "よろしいですか。");
    await phone.answerTo(() => phone.quickReply("はい、消します").click(), "設定をすべて消しました。");
    await phone.answerTo(() => phone.say("設定"), "いまの設定", "未設定", "防犯・交通安全");
  }));

test("the language is switched by the menu, and back", () =>
  withPhone("language", DESKTOP, async (phone) => {
    await phone.newFriend("田中 さくら");
    await phone.tapMenu("せってい・その他");
    const languages = await phone.answerTo(() => phone.tapMenu("ことば Language"), "ことばを選んでください");
    await phone.answerTo(() => phone.press(languages, "English"), "I will answer in English.");
    await phone.answerTo(() => phone.say("かんでんち"), "Dry-cell battery", "Hazardous waste");
    const again = await phone.answerTo(() => phone.tapMenu("ことば Language"), "English", "日本語");
    await phone.answerTo(() => phone.press(again, "日本語"), "日本語でお答えします。");
  }));
