/** @file Everybody can use it: by keyboard alone, on a narrow screen, and by the rules that axe checks. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { overflow, violations } from "./browser.mjs";
import { DESKTOP, NARROW, screenshotPath, withPhone } from "./phone.mjs";

const SERIOUS = ["serious", "critical"];

/** What axe finds that keeps people out. */
async function barriers({ page }, where) {
  const serious = (await violations(page)).filter(({ impact }) => SERIOUS.includes(impact));
  return serious.map(({ text }) => `${where}: ${text}`);
}

/** What sticks out of the phone. */
const sticksOut = ({ page }) => overflow(page, "[data-testid=phone]");

test("all of it by keyboard", () =>
  withPhone("keyboard", DESKTOP, async (phone) => {
    const { page } = phone;
    const { keyboard } = page;
    await phone.tabTo(page.getByTestId("resident-new"));
    await keyboard.press("Enter");
    await keyboard.type("小林 ひなた");
    await keyboard.press("Enter");
    await phone.tabTo(page.getByTestId("follow"));
    await keyboard.press("Enter");
    const start = await phone.hears("はじめに、設定をしましょう");

    await phone.tabTo(start.getByRole("button", { name: "地区を選ぶ" }));
    const districts = await phone.answerTo(() => keyboard.press("Enter"), "お住まいの地区", "北原");
    await phone.tabTo(districts.getByRole("button", { name: "北原" }));
    await phone.answerTo(() => keyboard.press("Space"), "お住まいの地区を「北原」にしました。");

    await phone.tabTo(phone.quickReply("設定"));
    await phone.answerTo(() => keyboard.press("Enter"), "いまの設定", "北原");

    await phone.tabTo(phone.composer);
    await keyboard.type("かんでんち");
    await phone.answerTo(() => keyboard.press("Enter"), "乾電池", "有害・危険ごみ");

    if ((await phone.menuBar.getAttribute("aria-expanded")) !== "true") {
      await phone.tabTo(phone.menuBar);
      await keyboard.press("Enter");
    }
    await phone.tabTo(phone.menuArea("市のホームページを開く"));
    await keyboard.press("Enter");
    await page.getByTestId("dialog").waitFor();
    await keyboard.press("Escape");
    await page.getByTestId("dialog").waitFor({ state: "detached" });
    const back = await phone.menuArea("市のホームページを開く").evaluate((node) => node === document.activeElement);
    assert.ok(back, "the focus is back where it was");
    await phone.tabTo(phone.menuArea("ごみの分け方をしらべる"));
    await phone.answerTo(() => keyboard.press("Enter"), "捨てたいものの名前を送ってください。");
  }));

test("on a narrow screen nothing sticks out", () =>
  withPhone("narrow", NARROW, async (phone) => {
    const { page } = phone;
    assert.deepEqual(await sticksOut(phone), []);
    await page.getByTestId("open-residents").tap();
    await page.getByTestId("resident-new").tap();
    await page.getByTestId("resident-name").fill("とても長い名前を持っている吉田 あおい");
    await page.getByTestId("resident-create").tap();
    const start = await phone.follow();
    assert.deepEqual(await sticksOut(phone), []);

    await phone.answerTo(() => phone.press(start, "地区を選ぶ"), "お住まいの地区", "南浜");
    await phone.answerTo(() => phone.say("南浜"), "お住まいの地区を「南浜」にしました。");
    await phone.answerTo(() => phone.say("電池"), "乾電池");
    assert.deepEqual(await sticksOut(phone), []);
    await page.screenshot({ path: screenshotPath("narrow") });

    await phone.openMenu();
    await phone.answerTo(() => phone.menuArea("次の収集日を見る").tap(), "南浜の次の収集日");
    assert.deepEqual(await sticksOut(phone), []);
    await page.screenshot({ path: screenshotPath("narrow-menu") });

    await page.getByTestId("open-inspector").tap();
    await page.getByTestId("inspector-entry").first().waitFor();
    assert.deepEqual(await sticksOut(phone), []);
    assert.deepEqual(await barriers(phone, "narrow"), []);
  }));

test("axe finds no barrier", () =>
  withPhone("axe", DESKTOP, async (phone) => {
    const { page } = phone;
    const found = [];
    await phone.createResident("加藤 正");
    found.push(...(await barriers(phone, "stranger")));
    const start = await phone.follow();
    await phone.openMenu();
    found.push(...(await barriers(phone, "welcome and menu")));
    await phone.answerTo(() => phone.press(start, "地区を選ぶ"), "お住まいの地区", "川辺");
    await phone.answerTo(() => phone.say("川辺"), "お住まいの地区を「川辺」にしました。");
    await phone.answerTo(() => phone.say("電池"), "乾電池");
    found.push(...(await barriers(phone, "answers")));
    await phone.answerTo(() => phone.say("設定"), "いまの設定");
    await phone.answerTo(() => phone.say("お知らせ"), "受信トピック");
    found.push(...(await barriers(phone, "settings")));
    await page.getByTestId("plus").click();
    found.push(...(await barriers(phone, "tray")));
    await page.getByTestId("tray-location").click();
    await page.getByTestId("map").waitFor();
    found.push(...(await barriers(phone, "map")));
    await page.getByTestId("dialog-cancel").click();
    await page.getByTestId("inspector-entry").first().locator("summary").click();
    found.push(...(await barriers(phone, "records")));
    await page.getByTestId("block").click();
    await page.getByText("このアカウントをブロックしています").waitFor();
    found.push(...(await barriers(phone, "blocked")));
    assert.deepEqual(found, []);
  }));
