/** @file A rule that writes broadcasts by itself: written without training, looked at before, approved once; and the garbage reminders. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { DESKTOP, withPhone } from "./phone.mjs";

/** A tick comes each minute, and what it wrote is released, frozen and sent after it. */
const DUE_WITHIN_MS = 6 * 60_000;

test("a rule is written with its dates, shows the next ten, and is approved by somebody else", async () => {
  const [name, text] = [`図書館の休館日 ${unique()}`, `{date} は休館日です。${unique()}`];
  let path = "";
  await withDesk("reminders", "editor", async (desk) => {
    await desk.goTo("お知らせ予約");
    await desk.looks("reminders");
    await desk.follow("まちの日付で予約を作る");
    await desk.field(/^予約の名前/).fill(name);
    await desk.field(/^日の決め方/).selectOption({ label: "毎月の第何曜日" });
    await desk.press("この決め方にする");
    await desk.press("下書きを保存する");
    await desk.looks("reminder-mistakes", 422);
    await desk.field(/^第何/).selectOption({ label: "最終" });
    await desk.field(/^曜日/).selectOption({ label: "月" });
    await desk.main.getByRole("textbox", { name: "本文" }).first().fill(text);
    await desk.press("下書きを保存する");
    await desk.reads("保存しました", "毎月最終月曜日 10:00");
    await desk.looks("reminder");
    path = new URL(desk.page.url()).pathname;
    assert.equal(await desk.main.getByText("は休館日です。").count(), 11, "ten dates, and what comes next");
    await desk.press("承認を依頼する");
    await desk.reads("承認を依頼しました");
  });
  await withDesk("reminders-approver", "approver", async (desk) => {
    await desk.open(path);
    await desk.press("承認して始める");
    await desk.reads("承認しました", "動いています");
    await desk.press("休ませる");
    await desk.reads("休ませました");
    await desk.looks("reminder-paused");
  });
});

test("the garbage reminders are made ready, and switched on by somebody else", async () => {
  await withDesk("garbage-reminders-begun", "editor", async (desk) => {
    await desk.goTo("お知らせ予約");
    // Another run of the tests may have begun them in this city.
    if (await desk.main.getByRole("button", { name: "ごみの日のお知らせを準備する" }).count()) {
      await desk.press("ごみの日のお知らせを準備する");
      await desk.press("承認を依頼する");
      await desk.reads("承認を依頼しました");
    }
  });
  await withDesk("garbage-reminders", "approver", async (desk) => {
    await desk.goTo("お知らせ予約");
    await desk.follow("ごみの日のお知らせ");
    if (await desk.main.getByRole("button", { name: "承認して始める" }).count()) {
      await desk.press("承認して始める");
      await desk.reads("承認しました");
    }
    await desk.reads("動いています", "これからの配信");
    await desk.looks("garbage-reminders");
  });
});
