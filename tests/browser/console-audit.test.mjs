/** @file The log: all that was done stands in it, it can be searched and kept as a file, and it says whether it is whole. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";

test("what is done is written down with before and after, can be found, kept as a file, and is whole", async () => {
  const [before, after] = [`山口 ${unique()}`, `=1+1 山口 ${unique()}`];
  await withDesk("audit", "administrator", async (desk) => {
    await desk.open("/people/invite");
    await desk.field("氏名").fill(before);
    await desk.field("メールアドレス").fill(`${unique()}@koharuno.example`);
    await desk.field("環境課").selectOption("閲覧者");
    await desk.press("招待する");
    await desk.reads("招待しました");
    await desk.field("氏名").fill(after);
    await desk.field("環境課").selectOption("編集者");
    await desk.press("保存する");
    await desk.reads("保存しました");

    await desk.goTo("操作の記録");
    await desk.looks("audit");
    await desk.main.getByText("条件をつけてさがす").click();
    await desk.field("操作した人").selectOption("佐藤 花子");
    await desk.field("対象や内容に含まれる言葉").fill(before);
    await desk.press("この条件でさがす");
    // The export's form holds the text that was searched for; no address does.
    await desk.main.locator("input[type=hidden][name=q]").first().waitFor({ state: "attached" });
    assert.ok(!desk.page.url().includes("q="));
    const rows = desk.main.getByRole("row").filter({ hasText: "佐藤 花子" });
    assert.deepEqual([await rows.count(), await rows.nth(1).getByText("職員の招待").count()], [2, 1]);
    const changed = rows.nth(0);
    await changed.getByText("変更の内容（2項目）").click();
    for (const words of [`変更前：${before}`, `変更後：${after}`, "変更前：環境課：閲覧者", "変更後：環境課：編集者"]) {
      await changed.getByText(words).waitFor();
    }
    await desk.looks("audit-found");

    const [download] = await Promise.all([desk.page.waitForEvent("download"), desk.press("CSVファイルを書き出す")]);
    assert.match(download.suggestedFilename(), /^[a-z0-9.-]+\.csv$/);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
    assert.ok(lines[0].startsWith('\ufeff"日","番号",'), "a spreadsheet knows its letters");
    assert.equal(lines.length, 3, "the head and the two that were found");
    assert.ok(lines.every((line) => !/(^|,)"?[=+@-]/.test(line)), "nothing in it is a formula");

    await changed.getByRole("link", { name: "くわしく見る" }).click();
    await desk.isAt("操作の記録（1件）");
    await desk.main.getByText("改ざんを見つけるための値").click();
    await desk.reads(before, after, "この記録の値");
    await desk.looks("audit-entry");

    await desk.open("/audit/check");
    await desk.looks("audit-check");
    await desk.press("調べる");
    await desk.reads("消されたり書きかえられたりした記録は見つかりませんでした", "最後に調べた結果");
    await desk.looks("audit-whole");

    await desk.open("/audit");
    await desk.main.getByRole("row").filter({ hasText: "ファイルへの書き出し" }).first().waitFor();
  });
});

test("days that cannot be are said at their field, and nothing is searched", () =>
  withDesk("audit-days", "administrator", async (desk) => {
    await desk.open("/audit?first=2026-02-31&last=2026-01-01");
    await desk.reads("日付を選びなおしてください。");
    await desk.looks("audit-mistakes");
    await desk.open("/audit?first=2001-01-01&last=2001-01-31");
    await desk.reads("条件に合う記録はありません");
    await desk.looks("audit-nothing");
  }));

test("a refusal is written down too", async () => {
  await withDesk("refused", "reader", async (desk) => {
    await desk.open("/audit");
    await desk.looks("refused", 403);
  });
  await withDesk("refusals", "administrator", async (desk) => {
    await desk.open("/audit?what=denied");
    await desk.main.getByRole("row").filter({ hasText: "高橋 健" }).filter({ hasText: "画面 /audit の表示" }).first().waitFor();
  });
});
