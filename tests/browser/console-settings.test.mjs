/** @file The town's settings: looked at, changed well and badly, and taken back; two administrators at once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";

/** The part of the page under a heading. */
const section = (desk, name) => desk.main.locator("section").filter({ has: desk.page.getByRole("heading", { name, exact: true }) });

test("a setting is changed with its mistakes told, seen in the overview, and taken back", () =>
  withDesk("settings", "administrator", async (desk) => {
    await desk.goTo("設定");
    await desk.reads("まちの基本情報", "一斉配信の決まり", "まちの文章", "リッチメニュー");
    await desk.looks("settings");

    await section(desk, "まちの基本情報").getByRole("link", { name: "変更する" }).click();
    await desk.isAt("まちの基本情報を変更する");
    await desk.looks("settings-town");
    const reading = await desk.field("名前の読み").inputValue();
    await desk.field("代表電話").fill("でんわ");
    await desk.press("保存する");
    await desk.reads(/か所に入力の誤りがあります/, "「でんわ」は電話番号ではありません。");
    await desk.looks("settings-town-mistakes", 422);
    await desk.field("代表電話").fill("0000-00-0000");
    await desk.field("名前の読み").fill("コハルノシ");
    await desk.press("保存する");
    await desk.reads("保存する前に確かめてください", "「コハルノシ」は読みではありません。");
    await desk.looks("settings-town-warning", 422);
    await desk.field("名前の読み").fill(reading === "こはるの" ? "こはるのし" : "こはるの");
    await desk.press("注意を確かめたうえで保存する");
    await desk.reads("保存しました");
    await desk.looks("settings-saved");

    await desk.follow("変更の履歴");
    await desk.main.getByRole("row").filter({ hasText: "「まちの基本情報」を変更" }).first().getByRole("link").click();
    await desk.reads("名前の読み");
    await desk.looks("settings-change");
    await desk.press("この変更を取り消す");
    await desk.reads("取り消しました");
    await desk.open("/settings/town");
    assert.equal(await desk.field("名前の読み").inputValue(), reading);
  }));

test("a text is seen as a phone shows it while it is typed, and a blank in it is told", () =>
  withDesk("settings-texts", "administrator", async (desk) => {
    await desk.open("/settings/texts-en");
    const label = "品目が見つからないときの問い合わせ先";
    const before = await desk.field(label).inputValue();
    const text = `Please call us. (${unique()})`;
    await desk.field(label).fill(text);
    await desk.main.locator(".bubble").filter({ hasText: text }).waitFor();
    await desk.looks("settings-texts");
    await desk.field(label).fill("Dear {name}, please call us.");
    await desk.press("保存する");
    await desk.reads("「{name}」は、住民の名前などには置きかわらず、このまま表示されます。");
    await desk.looks("settings-texts-blank", 422);
    await desk.field(label).fill(text);
    await desk.press("保存する");
    await desk.reads("保存しました", text);
    await desk.open("/settings/texts-en");
    await desk.field(label).fill(before);
    await desk.press("保存する");
    await desk.reads("保存しました");
  }));

test("of two administrators the second is shown the difference, and the rules of sending are as they chose", () =>
  withDesk("settings-first", "administrator", (first) =>
    withDesk("settings-second", "administrator", async (second) => {
      await first.open("/settings/sending");
      await first.looks("settings-sending");
      const limit = "1人に7日間で送る数の上限";
      const before = await first.field(limit).inputValue();
      await second.open("/settings/sending");
      await first.field(limit).fill(before === "3" ? "4" : "3");
      await first.press("保存する");
      await first.reads("保存しました");

      await second.field(limit).fill("9");
      await second.press("保存する");
      await second.reads("ほかの職員が先に変更しました", "まだ何も上書きしていません");
      const row = second.main.getByRole("row").filter({ hasText: limit });
      assert.equal((await row.getByRole("cell").allInnerTexts()).at(2), "9通");
      await second.looks("settings-conflict", 409);
      await second.field(limit).fill(before);
      await second.press("この内容で上書き保存する");
      await second.reads("保存しました");
      await first.open("/settings/sending");
      assert.equal(await first.field(limit).inputValue(), before);
    })));

test("the rich menu is shown as it was loaded", () =>
  withDesk("settings-menu", "administrator", async (desk) => {
    await desk.open("/settings");
    await desk.follow("リッチメニューを見る");
    await desk.isAt("リッチメニュー");
    await desk.reads("アカウントの機能「次の収集日」を呼び出す", "タブ「くらし」に切り替える");
    await desk.looks("settings-menu");
  }));

test("who is no administrator finds no settings, and is refused by their address", () =>
  withDesk("settings-editor", "editor", async (desk) => {
    await desk.open("/");
    assert.equal(await desk.page.getByRole("link", { name: "設定", exact: true }).count(), 0);
    await desk.open("/settings");
    await desk.reads("この操作の権限がありません");
    desk.wasAnswered(403);
  }));
