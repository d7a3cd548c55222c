/** @file The collection calendar: months, a year on one sheet of paper, and a day that staff close. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DESKTOP, unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";

/** A Monday some weeks from now, on which the middle of the town has burnable waste. */
function monday() {
  const day = new Date(Date.now() + 9 * 60 * 60 * 1000);
  day.setUTCDate(day.getUTCDate() + 21 + ((8 - day.getUTCDay()) % 7));
  return day.toISOString().slice(0, 10);
}

/** How many sheets of paper a page takes. */
async function sheets(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  assert.match(pdf, /\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/, "A4, upright");
  return pdf.match(/\/Type\s*\/Page\b/g).length;
}

test("areas, a month, and the year on one sheet of paper", () =>
  withDesk("garbage", "reader", async (desk) => {
    await desk.goTo("収集カレンダー");
    await desk.looks("garbage-areas");
    await desk.follow("中央コース");
    await desk.isAt("中央コースの収集カレンダー");
    await desk.reads("燃やすごみ", "8:30まで");
    await desk.looks("garbage-month");
    await desk.follow("次の月");
    await desk.reads("次の収集日");
    await desk.tabTo(desk.main.getByRole("link", { name: "今月", exact: true }));
    await desk.page.keyboard.press("Enter");
    await desk.main.locator("[aria-current=date]").waitFor();
    await desk.follow("1年分を見る・印刷する");
    await desk.reads(/年度$/, "休");
  }));

test("every area's year is one sheet of paper", () =>
  withDesk("garbage-paper", "reader", async (desk) => {
    await desk.open("/garbage");
    const links = await desk.main.getByRole("table").getByRole("link").evaluateAll((found) => found.map((link) => link.getAttribute("href")));
    assert.ok(links.length > 3);
    for (const link of links) {
      await desk.open(`${link}/year`);
      assert.equal(await desk.main.locator("table.month").count(), 12);
      assert.equal(await sheets(desk.page), 1, link);
    }
    await desk.looks("garbage-year");
    await desk.page.emulateMedia({ media: "print" });
    const outside = await desk.main.locator(".year").evaluate((sheet) => {
      const { bottom } = sheet.getBoundingClientRect();
      return [...sheet.querySelectorAll("td, li")].filter((node) => node.getBoundingClientRect().bottom > bottom + 1).length;
    });
    assert.equal(outside, 0, "nothing is cut off at the end of the sheet");
    const menu = desk.page.getByRole("navigation", { name: "メインメニュー" });
    assert.equal(await menu.filter({ visible: true }).count(), 0, "the menu is not printed");
  }));

/** Closes a day, writes about it, and takes it back; `looks` is called at every page. */
const closing = (name, device, looks) => () =>
  withDesk(
    name,
    "editor",
    async (desk) => {
      const reason = `大雪のため（${unique()}）`;
      await desk.goTo("収集カレンダー");
      await desk.follow("収集の中止・変更");
      await desk.follow("収集を中止・変更する");
      await desk.isAt("収集を中止・変更する");
      await looks(desk, `${name}-day`);
      await desk.field(/^取りやめる日/).fill(monday());
      await desk.press("この日の収集を見る");
      await desk.reads("取りやめる分別");
      await looks(desk, `${name}-form`);
      await desk.press("どうなるかを確かめる");
      await desk.reads("理由を入れてください。");
      await looks(desk, `${name}-mistakes`, 422);
      await desk.field("下で選んだ区域だけ").check();
      await desk.field("中央コース").check();
      await desk.field(/^理由/).fill(reason);
      await desk.press("どうなるかを確かめる");
      await desk.reads("の収集を取りやめますか", reason, "次の収集日");
      await looks(desk, `${name}-look`);
      await desk.press("この内容で登録する");
      await desk.reads("登録しました", reason);
      await looks(desk, `${name}-made`);
      await desk.press("お知らせを書く");
      await desk.isAt("内容を変える");
      await desk.reads(/中央コース|燃やすごみ/);
      await looks(desk, `${name}-news`);
      await desk.open("/garbage/changes");
      await looks(desk, `${name}-changes`);
      await desk.main.getByRole("row").filter({ hasText: reason }).getByRole("link").click();
      await desk.follow("この変更を取り消す");
      await desk.press("削除する");
      await desk.reads("削除しました");
    },
    device,
  );

test("a day is closed, said, and taken back", closing("garbage-close", DESKTOP, (desk, ...page) => desk.looks(...page)));
test(
  "a day is closed without scripts",
  // Nothing can look at a page in which no script runs but whether it was refused.
  closing("garbage-close-plain", { ...DESKTOP, javaScriptEnabled: false }, (desk, name, status = 200) => desk.wasAnswered(status, name)),
);
