/** @file A rule that writes broadcasts by itself: written without training, looked at before, approved once; and the garbage reminders. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { DESKTOP, withPhone } from "./phone.mjs";

/**
 * The rule is due in the second full minute from now; what the tick wrote is released, frozen and sent then. (What a third run of the tests
 * writes within an hour is held: the town's rules of sending want it so.)
 */
const DUE_WITHIN_MS = 160_000;

// Side by side: the last one waits for the clock.
describe("rules", { concurrency: true }, () => {
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
      await desk.writesText(text);
      await desk.press("下書きを保存する");
      await desk.reads("保存しました", "毎月最終月曜日 10:00");
      await desk.looks("reminder");
      path = new URL(desk.page.url()).pathname;
      assert.equal(await desk.main.getByText("は休館日です。").count(), 11, "ten dates, and what comes next");
      await desk.asksForApproval();
    });
    await withDesk("reminders-approver", "approver", async (desk) => {
      await desk.approves(path, "承認して始める");
      await desk.reads("動いています");
      await desk.press("休ませる");
      await desk.reads("休ませました");
      await desk.looks("reminder-paused");
    });
  });

  test("the garbage reminders are made ready, and switched on by somebody else", async () => {
    await withDesk("garbage-reminders-begun", "editor", async (desk) => {
      await desk.goTo("お知らせ予約");
      // Another run of the tests may have begun them in this city.
      const prepare = desk.button("ごみの日のお知らせを準備する");
      await ((await prepare.count()) ? prepare.click() : desk.follow("ごみの日のお知らせ"));
      await desk.isAt("ごみの日のお知らせ");
      if (await desk.button("承認を依頼する").count()) await desk.asksForApproval();
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

  test("a rule that is due reaches the phones by itself", () =>
    withPhone("reminder-due", DESKTOP, async (phone) => {
      const text = `きょうは休館日です。${unique()}`;
      let path = "";
      await phone.newFriend("予約 花");
      await withDesk("reminder-due", "editor", async (desk) => {
        await desk.open("/reminders/new");
        await desk.field(/^予約の名前/).fill(text);
        await desk.field(/^日の決め方/).selectOption({ label: "1回だけ" });
        await desk.press("この決め方にする");
        const due = new Date(Math.ceil(Date.now() / 60_000 + 1) * 60_000 + 9 * 60 * 60_000).toISOString();
        await desk.field(/^日付/).fill(due.slice(0, 10));
        await desk.field(/^時刻/).fill(due.slice(11, 16));
        await desk.writesText(text);
        path = await desk.keepsDraft();
        await desk.asksForApproval();
      });
      await withDesk("reminder-due-approver", "approver", async (desk) => {
        await desk.approves(path, "承認して始める");
        await phone.saying([text]).last().waitFor({ timeout: DUE_WITHIN_MS });
        await desk.open(path);
        await desk.reads("終わりました", "配信を作りました");
        await desk.looks("reminder-went");
      });
    }));
});
