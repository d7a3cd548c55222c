/** @file A damage report in the console: entered by telephone, found on the map, worked on, printed; without scripts too. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";

test("a report by telephone is entered, found in the list and on the map, and worked on to its end", async () => {
  const said = `街路灯が消えている。${unique()}`;
  let path = "";
  await withDesk("reports", "administrator", async (desk) => {
    await desk.goTo("損傷の報告");
    await desk.looks("reports");
    await desk.follow("電話などで受けた報告を入力する");
    await desk.looks("reports-kinds");
    await desk.follow("街路灯");
    await desk.press("報告を受け付ける");
    await desk.looks("reports-mistakes", 422);
    await desk.field(/^報告の内容/).fill(said);
    await desk.field(/^座標/).fill("35.65000, 139.49000");
    await desk.field(/^場所の説明/).fill("公民館の前");
    await desk.press("報告を受け付ける");
    await desk.reads("報告を受け付けました", said);
    path = new URL(desk.page.url()).pathname;
    await desk.looks("report");
    await desk.press("確認を始める");
    await desk.reads("保存しました", "確認中");
    await desk.open("/reports/map");
    await desk.reads("地図");
    assert.ok(await desk.main.locator(`a[href="${path}"]`).count(), "it stands in the list of the map");
    await desk.looks("reports-map");
    await desk.open(`${path}/print`);
    await desk.looks("report-sheet");
    await desk.open(path);
    await desk.field(/^報告した人への返事/).fill("直しました。");
    await desk.press("「完了」にする");
    await desk.reads("LINEでは知らせられません", "直しました。");
  });
});

test("two at once: the second sees what the first did, and what was typed stays", async () => {
  await withDesk("reports-second", "administrator", async (second) => {
    await second.goTo("損傷の報告");
    await second.follow("電話などで受けた報告を入力する");
    await second.follow("街路灯");
    await second.field(/^報告の内容/).fill(`二人で見る ${unique()}`);
    await second.field(/^座標/).fill("35.65000, 139.49000");
    await second.press("報告を受け付ける");
    const path = new URL(second.page.url()).pathname;
    await withDesk("reports-first", "administrator", async (first) => {
      await first.open(path);
      await first.press("「対応中」にする");
    });
    await second.field(/^報告した人への返事/).fill("こちらで対応しません。");
    await second.press("「対応しない」にする");
    await second.reads("その間に、この報告が変わりました", "その間にあったこと");
    assert.equal(await second.field(/^報告した人への返事/).inputValue(), "こちらで対応しません。");
    await second.looks("report-conflict", 409);
  });
});

test("what everybody sees of a report is looked at before it is out, and can be hidden", async () => {
  const what = `街路灯が消えています ${unique()}`;
  await withDesk("reports-release", "administrator", async (desk) => {
    await desk.goTo("損傷の報告");
    await desk.follow("電話などで受けた報告を入力する");
    await desk.follow("街路灯");
    await desk.field(/^報告の内容/).fill("田中さんの家の前です。");
    await desk.field(/^座標/).fill("35.65000, 139.49000");
    await desk.press("報告を受け付ける");
    await desk.reads("公開していません");
    await desk.follow("公開する");
    assert.ok(!(await desk.main.textContent()).includes("田中"), "staff write their own words");
    await desk.field(/^公開するときの件名/).fill("");
    await desk.press("公開する内容を確かめる");
    await desk.looks("report-release-mistakes", 422);
    await desk.field(/^公開するときの件名/).fill(what);
    await desk.press("公開する内容を確かめる");
    await desk.reads("まだ公開していません", what, "写真は公開しません。");
    await desk.looks("report-release-preview");
    await desk.press("この内容で公開する");
    await desk.reads("公開しました", "公開中", what);
    await desk.looks("report-released");
    await desk.follow("公開の内容を変える・公開をやめる");
    await desk.looks("report-release");
    await desk.press("公開をやめる");
    await desk.reads("公開をやめました", "公開していません");
  });
});
