/** @file A broadcast from the form to the phones: written, counted, asked for, approved by somebody else, sent once, accounted for. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";

import { CHECKOUT, unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { DESKTOP, withPhone } from "./phone.mjs";

// Two at a time: while one waits for its phone another one writes.
describe("broadcasts", { concurrency: 2 }, () => {
  test("a broadcast is written by one, approved by another, and reaches each phone once", async () => {
    const [title, text] = [`断水のお知らせ ${unique()}`, `あすの朝、水が止まります。${unique()}`];
    let path = "";
    await withPhone("broadcast-phone", DESKTOP, async (phone) => {
      await phone.newFriend("配信 花");
      await withDesk("broadcasts", "editor", async (desk) => {
        await desk.goTo("配信");
        await desk.looks("broadcasts-none");
        await desk.follow("配信をつくる");
        await desk.press("下書きを保存する");
        await desk.reads("件名を入れてください。");
        await desk.looks("broadcast-mistakes", 422);
        await desk.field(/^件名/).fill(title);
        await desk.writesText(text);
        await desk.pressUntil("届く人数を数える", "いま送ると届く人数");
        await desk.looks("broadcast-counted");
        await desk.press("下書きを保存する");
        await desk.reads("保存しました", text);
        await desk.looks("broadcast-draft");
        path = new URL(desk.page.url()).pathname;
        await desk.asksForApproval();
        await desk.reads("承認待ち");
        await desk.looks("broadcast-awaiting");
      });
      await withDesk("broadcasts-approver", "approver", async (desk) => {
        await desk.approves(path);
        await phone.hears(text);
        await desk.comesTo(path, "送信済み");
        await desk.reads("配信の結果", "LINEが受け付けた人");
        await desk.looks("broadcast-sent");
        await desk.goTo("配信");
        await desk.reads(title);
        await desk.looks("broadcasts");
        await desk.follow("配信の実績");
        await desk.reads(title, "課ごとの合計", "日ごとの合計");
        await desk.looks("broadcasts-after");
      });
      assert.equal(await phone.saying([text]).count(), 1, "it came more than once");
    });
  });

  test("an approved emergency moves on by itself, and offers to be stopped or shows its account", async () => {
    const title = `避難のお知らせ ${unique()}`;
    let path = "";
    await withPhone("broadcast-emergency", DESKTOP, async (phone) => {
      await phone.newFriend("緊急 花");
      await withDesk("broadcast-emergency", "editor", async (desk) => {
        await desk.begins(title, "{nothing}です");
        await desk.press("見え方を更新する");
        await desk.reads("「{nothing}」に入る町のデータがありません");
        await desk.writesText(title);
        await desk.main.getByRole("radio", { name: /^緊急/ }).check();
        path = await desk.keepsDraft();
        await desk.asksForApproval();
      });
      await withDesk("broadcast-emergency-approver", "approver", async (desk) => {
        await desk.approves(path, "承認する（10秒後に送信）");
        await desk.reads("送る準備をしています");
        await desk.looks("broadcast-emergency-approved");
        // Nobody loads the page again: it does so itself, when the broadcast goes and when it has gone.
        await desk.main.getByText("LINEが受け付けた人").first().waitFor({ timeout: 60_000 });
        await desk.looks("broadcast-emergency-sent");
      });
      await phone.hears(title);
    });
  });

  test("a draft is thrown away after a question", () =>
    withDesk("broadcast-discard", "editor", async (desk) => {
      await desk.begins(`いらない配信 ${unique()}`, "いりません");
      await desk.press("下書きを保存する");
      await desk.follow("破棄する");
      await desk.isAt("この配信を破棄しますか");
      await desk.looks("broadcast-discard");
      await desk.press("破棄する");
      await desk.reads("配信を破棄しました", "だれにも送られていません");
      await desk.looks("broadcast-discarded");
    }));

  test("a picture is uploaded, and is seen on the phone", async () => {
    const text = `写真です。${unique()}`;
    let path = "";
    await withPhone("broadcast-picture", DESKTOP, async (phone) => {
      await phone.newFriend("画像 花");
      await withDesk("broadcast-picture", "editor", async (desk) => {
        await desk.begins(text, text);
        await desk.press("画像");
        const picture = join(CHECKOUT, "infra", "sample-town", "rich-menu", "kurashi.png");
        await desk.main.locator("input[type=file]").setInputFiles(picture);
        await desk.press("アップロード");
        await desk.main.getByAltText("いまの画像").waitFor();
        await desk.looks("broadcast-picture");
        path = await desk.keepsDraft();
        await desk.asksForApproval();
      });
      await withDesk("broadcast-picture-approver", "approver", async (desk) => {
        await desk.approves(path);
      });
      await phone.hears(text);
      // The phone has loaded it from where LINE was told that it is.
      const loaded = () => [...document.images].some((it) => it.src.includes("/pictures/") && it.naturalWidth > 0);
      await phone.page.waitForFunction(loaded);
    });
  });

  test("a broadcast whose session ended while it was written is not lost, and is kept after all", () =>
    withDesk("broadcast-expired", "editor", async (desk) => {
      const [title, text] = [`断水のお知らせ ${unique()}`, `消えてはいけない本文 ${unique()}`];
      await desk.begins(title, text);
      await desk.loseSession();
      await desk.press("下書きを保存する");
      await desk.reads("期限が切れました", title, text);
      await desk.looks("broadcast-expired", 401);
      await desk.signInElsewhere();
      await desk.press("入力した内容を送信する");
      await desk.reads("もう一度、送信を確かめてください", title, text);
      desk.wasAnswered(403);
      await desk.press("この内容で送信する");
      await desk.reads("保存しました", title, text);
    }));
});
