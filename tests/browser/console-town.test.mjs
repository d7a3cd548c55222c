/** @file The town's data: found, added, changed, brought in from a file, and taken back; two editors at once. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";

const HEAD = "id,name,reading,aliases,category,how,note,name_en";

/** A waste item that no other test has. */
function newItem() {
  const id = unique();
  const kana = [...id].map((sign) => String.fromCodePoint("あ".codePointAt(0) + 1 + 2 * Number.parseInt(sign, 36))).join("");
  return { id, name: `ためしの${id}`, reading: `ためしの${kana}` };
}

/** A file to choose. */
const csv = (...lines) => ({ name: "items.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\r\n")) });

/** Adds a waste item by its form, and stays at it. */
async function add(desk, { name, reading }) {
  await desk.open("/town/waste-items/new");
  await desk.field("品目の名前").fill(name);
  await desk.field("読み").fill(reading);
  await desk.field("分別").selectOption("燃やすごみ");
  await desk.press("保存する");
  await desk.reads("追加しました");
}

/** Looks for words among the waste items. */
async function find(desk, words) {
  await desk.open("/town/waste-items");
  await desk.field("名前・読み・別名・識別名でさがす").fill(words);
  await desk.press("さがす");
  await desk.page.waitForURL((url) => url.searchParams.get("q") === words);
}

test("an item is added, found, changed, and the change taken back", () =>
  withDesk("town", "editor", async (desk) => {
    const item = newItem();
    await desk.goTo("まちのデータ");
    await desk.looks("town");
    await desk.follow("品目");
    await desk.isAt("品目");
    await desk.looks("town-items");
    await desk.follow("追加する");
    await desk.isAt("品目を追加する");
    await desk.looks("town-new");
    await desk.field("読み").fill("カタカナ");
    await desk.press("保存する");
    await desk.reads(/か所に入力の誤りがあります/, "「カタカナ」は読みではありません。");
    await desk.looks("town-new-mistakes", 422);

    await add(desk, item);
    await desk.isAt(`「${item.name}」を変更する`);
    await desk.looks("town-added");
    await find(desk, item.reading);
    await desk.reads("品目（1件）");
    await desk.looks("town-found");
    await desk.follow(item.name);
    await desk.field("備考").fill("あたらしい備考です。");
    await desk.press("保存する");
    await desk.reads("保存しました");

    await desk.open("/town/history");
    await desk.looks("town-history");
    const line = desk.main.getByRole("row").filter({ hasText: `「${item.name}」を変更` }).first();
    await line.getByText("田中 みどり").waitFor();
    await line.getByRole("link").click();
    await desk.isAt(`「${item.name}」を変更`);
    await desk.reads("備考", "あたらしい備考です。");
    await desk.looks("town-change");
    await desk.press("この変更を取り消す");
    await desk.reads("取り消しました");
    await desk.looks("town-undone");
    await find(desk, item.name);
    await desk.follow(item.name);
    assert.equal(await desk.field("備考").inputValue(), "");

    await desk.follow("削除する");
    await desk.isAt(`「${item.name}」を削除しますか`);
    await desk.looks("town-remove");
    await desk.press("削除する");
    await desk.reads("削除しました");
    await find(desk, item.name);
    await desk.reads("条件に合うものはありません");
    await desk.looks("town-nothing");
  }));

test("of two editors of one item the second is shown the difference, and chooses", () =>
  withDesk("town-first", "editor", async (first) => {
    const item = newItem();
    await add(first, item);
    const path = new URL(first.page.url()).pathname + new URL(first.page.url()).search.replace(/&done=.*/, "");
    await withDesk("town-second", "administrator", async (second) => {
      await second.open(path);
      await second.field("備考").fill("二人目の備考");
      await first.field("備考").fill("一人目の備考");
      await first.press("保存する");
      await first.reads("保存しました");

      await second.press("保存する");
      await second.reads("ほかの職員が先に変更しました", "まだ何も上書きしていません");
      const row = second.main.getByRole("row").filter({ hasText: "備考" });
      assert.deepEqual(await row.getByRole("cell").allInnerTexts(), ["（空）", "一人目の備考", "二人目の備考"]);
      await second.looks("town-conflict", 409);
      await first.page.reload();
      assert.equal(await first.field("備考").inputValue(), "一人目の備考", "nothing was overwritten");

      await second.press("この内容で上書き保存する");
      await second.reads("保存しました");
      await first.page.reload();
      assert.equal(await first.field("備考").inputValue(), "二人目の備考");
    });
  }));

test("a file with mistakes changes nothing, and says line and column of each; without, it is shown first, brought in, and taken back", () =>
  withDesk("import", "editor", async (desk) => {
    const [one, two, old] = [newItem(), newItem(), newItem()];
    const line = ({ id, name, reading }, category = "burnable", note = "") => [id, name, reading, "", category, "", note, ""].join(",");
    await add(desk, old);
    old.id = new URL(desk.page.url()).searchParams.get("id");
    await desk.open("/town/waste-items");
    await desk.follow("ファイルから取り込む");
    await desk.isAt("品目をファイルから取り込む");
    await desk.looks("import");
    const choose = async (file) => {
      await desk.field("CSVファイル").setInputFiles(file);
      await desk.press("内容を確認する");
    };

    await choose(csv(HEAD, line(one), line({ ...two, reading: "カタカナ" }, "no-such-category"), line({ ...old, name: "" })));
    await desk.reads("ファイルに誤りがあるため、取り込めません", "まだ何も変わっていません");
    const mistakes = await desk.main.getByRole("row").allInnerTexts();
    for (const wanted of [/^3\s+読み（reading）/, /^3\s+分別（category）/, /^4\s+品目の名前（name）/]) {
      assert.ok(mistakes.some((text) => wanted.test(text)), `${wanted} in ${JSON.stringify(mistakes)}`);
    }
    assert.equal(await desk.button("この内容で取り込む").count(), 0);
    await desk.looks("import-mistakes");

    await desk.follow("ファイルを選びなおす");
    await choose(csv(HEAD, line(one), line(two), line(old, "burnable", "ファイルの備考")));
    await desk.reads("変わるところ", one.name, two.name, "ファイルの備考");
    const tile = (label) => desk.main.locator(".tile").filter({ hasText: label }).first().locator(".tile-value").innerText();
    assert.deepEqual([await tile("追加"), await tile("変更"), await tile("削除")], ["2件", "1件", "0件"]);
    await desk.looks("import-preview");
    await desk.press("この内容で取り込む");
    await desk.reads("取り込みました", "品目：追加2件、変更1件");
    await desk.looks("imported");
    const change = desk.page.url();
    await find(desk, two.name);
    await desk.reads("品目（1件）");

    await desk.page.goto(change);
    await desk.press("この変更を取り消す");
    await desk.reads("取り消しました");
    await find(desk, two.name);
    await desk.reads("条件に合うものはありません");
  }));

test("a change whose session ended while it was typed is made after all", () =>
  withDesk("town-expired", "editor", async (desk) => {
    const item = newItem();
    const note = "消えてはいけない備考\n二行目";
    await add(desk, item);
    await desk.field("備考").fill(note);
    await desk.loseSession();
    await desk.press("保存する");
    await desk.reads("期限が切れました", "消えてはいけない備考");
    await desk.looks("town-expired", 401);
    await desk.signInElsewhere();
    await desk.press("入力した内容を送信する");
    await desk.reads("もう一度、送信を確かめてください", item.name);
    desk.wasAnswered(403);
    await desk.press("この内容で送信する");
    await desk.reads("保存しました");
    assert.equal(await desk.field("備考").inputValue(), note);
  }));

test("what is written to a file is the same as what is there", () =>
  withDesk("export", "editor", async (desk) => {
    await desk.open("/town/waste-items");
    const [download] = await Promise.all([desk.page.waitForEvent("download"), desk.press("ファイルに書き出す（CSV）")]);
    const buffer = await readFile(await download.path());
    await desk.open("/town/waste-items/import");
    await desk.field("CSVファイル").setInputFiles({ name: download.suggestedFilename(), mimeType: "text/csv", buffer });
    await desk.press("内容を確認する");
    await desk.reads("変わるところはありません");
    await desk.looks("import-same");
  }));

test("every table and its form can be looked at", () =>
  withDesk("tables", "administrator", async (desk) => {
    for (const table of ["calendar", "changes", "districts", "topics", "dates", "categories", "closures"]) {
      await desk.open(`/town/${table}`);
      await desk.looks(`table-${table}`);
      await desk.main.getByRole("table").getByRole("link").first().click();
      await desk.button("保存する").waitFor();
      await desk.looks(`table-${table}-form`);
    }
    await desk.open("/town/departments/remove?id=environment");
    await desk.press("削除する");
    await desk.reads("削除できません");
    await desk.looks("department-held", 422);
  }));
