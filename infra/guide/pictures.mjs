/**
 * @file Takes the pictures of the guide from a running city, so that they can be taken again when a page looks different.
 *
 *   node infra/guide/pictures.mjs                                   all of them, from target/city.json (KAIRAN_CITY names another city)
 *   node --test-name-pattern=watch infra/guide/pictures.mjs         only those whose names hold this
 *
 * phone.png is the browser tests' own: SCREENSHOTS=1 tests/browser/run.
 *
 * watch.png needs a city that has run for an hour, by when all that it looks at was seen at work, and in which nothing else has failed.
 *
 * The city must be one for trying: broadcasts go out in it, and reports are filed. `npm ci` in tests/browser comes first.
 */

import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { runningCity, unique } from "../../tests/browser/browser.mjs";
import { bury, call } from "../../tests/browser/cloud.mjs";
import { withDesk } from "../../tests/browser/desk.mjs";
import { withPhone } from "../../tests/browser/phone.mjs";

const FOLDER = join(import.meta.dirname, "pictures");
/** A page of the guide is read over slow lines, too. */
const LARGEST = 100 * 1024;
/** As wide as the guide is read, at one pixel to a point. */
const DESK = { viewport: { width: 1100, height: 800 } };
/** Where the page is so full that it would be too large a picture, or what matters stands above. */
const LOW_DESK = { viewport: { width: 1100, height: 720 } };

/** Keeps what the window shows, from here on, or around this; or only the part that is given. */
async function keep(page, name, { from, around, part } = {}) {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.png`);
  await from?.evaluate((node) => node.scrollIntoView({ block: "start" }));
  await around?.evaluate((node) => node.scrollIntoView({ block: "center" }));
  await page.evaluate(() => document.fonts.ready);
  await (part ?? page).screenshot({ path });
  const { size } = statSync(path);
  assert.ok(size <= LARGEST, `${name}.png has ${size} bytes`);
}

/** The phone on its page, without the page around it. */
const screen = (phone) => ({ part: phone.screen });

/** Writes a broadcast; its page. */
async function write(desk, title, text, { lane } = {}) {
  await desk.begins(title, text);
  if (lane) await desk.main.getByRole("radio", { name: lane }).check();
  await desk.press("見え方を更新する");
  return async () => {
    const path = await desk.keepsDraft();
    await desk.asksForApproval();
    return path;
  };
}

const WATER = "【断水のお知らせ】\n11月28日(土) 9時から15時まで、本町の一部で水が止まります。前の日に、飲み水をくんでおいてください。\n問い合わせ：水道課 0000-00-0105";

test("broadcast-write, broadcast-approve, broadcast-sent: from the form to the account", () =>
  withPhone("guide-broadcast", DESK, async (phone) => {
    await phone.newFriend("配信 花");
    let path = "";
    await withDesk("guide-write", "editor", async (desk) => {
      const ask = await write(desk, "断水のお知らせ（本町）", WATER);
      await keep(desk.page, "broadcast-write", { from: desk.main.getByText("日本語", { exact: true }).first() });
      path = await ask();
    }, DESK);
    await withDesk("guide-approve", "approver", async (desk) => {
      await desk.open(path);
      await desk.button("承認する").waitFor();
      await keep(desk.page, "broadcast-approve");
      await desk.approves(path);
      await phone.hears("断水のお知らせ");
      await desk.comesTo(path, "送信済み");
      await desk.reads("配信の結果");
      await keep(desk.page, "broadcast-sent", { around: desk.main.getByText("LINEが受け付けた人").first() });
    }, DESK);
  }));

test("broadcast-emergency: what an approver sees in the ten seconds", async () => {
  let path = "";
  await withDesk("guide-emergency", "editor", async (desk) => {
    const ask = await write(desk, "避難指示（川辺）", "【避難指示】川辺の全域。川があふれるおそれがあります。危険な場所から全員避難してください。", { lane: /^緊急/ });
    path = await ask();
  }, DESK);
  await withDesk("guide-emergency-approver", "approver", async (desk) => {
    await desk.approves(path, "承認する（10秒後に送信）");
    await keep(desk.page, "broadcast-emergency", { around: desk.button("取り消して下書きに戻す") });
    await desk.press("取り消して下書きに戻す");
    await desk.reads("下書きに戻しました");
  }, DESK);
});

test("console: the items of the garbage guide", () =>
  withDesk("guide-console", "administrator", async (desk) => {
    await desk.goTo("まちのデータ");
    await desk.follow("品目");
    await desk.isAt("品目");
    await desk.field("名前・読み・別名・識別名でさがす").fill("電池");
    await desk.press("さがす");
    await desk.page.waitForURL((url) => url.searchParams.get("q") === "電池");
    await desk.reads("乾電池");
    await keep(desk.page, "console");
  }, DESK));

test("drill: how a drill begins", () =>
  withDesk("guide-drill", "editor", async (desk) => {
    await desk.goTo("配信");
    await desk.follow("訓練の配信をつくる");
    await desk.isAt("訓練の配信をつくる");
    await keep(desk.page, "drill");
  }, DESK));

test("phone-connect: the number that connects one's own phone", () =>
  withDesk("guide-connect", "editor", async (desk) => {
    await desk.goTo("テスト送信");
    const offer = desk.button("つなぐための番号を出す");
    if ((await offer.count()) === 0) await desk.press("つなぐのをやめる");
    await offer.click();
    await desk.isAt("スマートフォンをつなぐ");
    await keep(desk.page, "phone-connect");
  }, DESK));

test("invite: how a colleague is invited", () =>
  withDesk("guide-invite", "administrator", async (desk) => {
    await desk.goTo("職員と権限");
    await desk.follow("職員を招待する");
    await desk.field("氏名").fill("山本 一郎");
    await desk.field("メールアドレス").fill("ichiro@koharuno.example");
    await keep(desk.page, "invite", { from: desk.page.locator("body") });
  }, LOW_DESK));

test("report: what staff see of a report", () =>
  withDesk("guide-report", "administrator", async (desk) => {
    await desk.goTo("損傷の報告");
    await desk.follow("電話などで受けた報告を入力する");
    await desk.follow("街路灯");
    await desk.field(/^報告の内容/).fill("街路灯が消えていて、夜は真っ暗です。");
    await desk.field(/^座標/).fill("35.65000, 139.49000");
    await desk.field(/^場所の説明/).fill("本町公民館の前");
    await desk.press("報告を受け付ける");
    await desk.press("確認を始める");
    await desk.reads("保存しました");
    await desk.field(/^報告した人への返事/).fill("来週、電球を取り替えます。");
    await keep(desk.page, "report", { from: desk.main.getByRole("heading", { name: "対応" }).first() });
  }, DESK));

test("watch: one message has failed", async () => {
  const { deadLetterQueue } = runningCity();
  await call("sqs", "PurgeQueue", { QueueUrl: deadLetterQueue });
  await bury(deadLetterQueue);
  await withDesk("guide-watch", "administrator", async (desk) => {
    await desk.goTo("稼働状況");
    const wrong = await desk.main.getByRole("alert").getByRole("listitem").allInnerTexts();
    assert.deepEqual(wrong, ["「住民からのメッセージ」に、失敗したものが約1件あります。"]);
    await keep(desk.page, "watch");
  }, LOW_DESK);
});

test("resident-garbage, resident-report: what residents see", () =>
  withPhone("guide-resident", DESK, async (phone) => {
    const start = await phone.newFriend(`こはる ${unique()}`);
    const districts = await phone.answerTo(() => phone.press(start, "地区を選ぶ"), "お住まいの地区", "朝日台");
    await phone.answerTo(() => phone.press(districts, "本町"), "お住まいの地区を「本町」にしました。");
    await phone.answerTo(() => phone.say("かんでんち"), "乾電池", "次の収集日");
    await phone.openMenu();
    await keep(phone.page, "resident-garbage", screen(phone));
    const kinds = await phone.answerTo(() => phone.tapMenu("道路や公園の損傷を報告"), "損傷の報告", "街路灯");
    await phone.closeMenu();
    await kinds.scrollIntoViewIfNeeded();
    await keep(phone.page, "resident-report", screen(phone));
  }));
