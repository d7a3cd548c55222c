/** @file What residents asked in vain: made an alias it is answered, from the same phone, a minute later at most. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { DESKTOP, withPhone } from "./phone.mjs";

const UNKNOWN = "見つかりませんでした";
/** New data is known after a minute. */
const LONGEST_MS = 90_000;

/** Asks in vain, and waits until it is recorded. */
const askInVain = (phone, question) => phone.answerTo(() => phone.say(question), UNKNOWN, "記録しました");

/** Asks again and again until the answer is this. */
async function askUntil(phone, question, wanted) {
  const answers = phone.messages().filter({ hasText: new RegExp(`${UNKNOWN}|${wanted}`) });
  const deadline = Date.now() + LONGEST_MS;
  while (Date.now() < deadline) {
    const before = await answers.count();
    await phone.say(question);
    await answers.nth(before).waitFor();
    if ((await answers.nth(before).innerText()).includes(wanted)) return;
    await phone.page.waitForTimeout(2_000);
  }
  assert.fail(`「${question}」 had no answer after ${LONGEST_MS} ms`);
}

test("a question without an answer becomes an alias, and then has one; another is put aside and fetched back", () =>
  withPhone("questions-phone", DESKTOP, async (phone) => {
    const [asked, idle] = [`ぬまつぼ${unique()}`, `ぬまつぼ${unique()}`];
    await phone.newFriend("中島 翼");
    await askInVain(phone, asked);
    await askInVain(phone, idle);
    await withDesk("questions", "editor", async (desk) => {
      await desk.isAt("ホーム");
      await desk.goTo("答えられなかった質問");
      await desk.looks("questions");
      // The home page tells what was counted last, which was just now.
      await desk.goTo("ホーム");
      await desk.reads("答えられなかった質問");
      await desk.goTo("答えられなかった質問");
      const row = (question) => desk.main.getByRole("row").filter({ has: desk.page.getByRole("rowheader", { name: question, exact: true }) });
      await row(asked).getByRole("button", { name: "別名にする" }).click();
      await desk.isAt("質問を品目の別名にする");
      assert.equal(await desk.field("別名にする言葉").inputValue(), asked);
      await desk.press("別名に加える");
      await desk.reads("品目を選んでください。");
      await desk.looks("alias-mistakes", 422);
      await desk.field(/^品目をさがす/).fill("乾電池");
      await desk.press("さがす");
      await desk.main.getByRole("radio", { name: "乾電池", exact: true }).check();
      await desk.looks("alias");
      await desk.press("別名に加える");
      await desk.reads("別名に加えました", "1分以内に");
      assert.equal(await row(asked).count(), 0);
      await desk.looks("alias-done");

      await row(idle).getByRole("button", { name: "対応しない" }).click();
      await desk.reads("対応しないことにしました");
      assert.equal(await row(idle).count(), 0);
      await desk.follow("対応を決めた質問を見る");
      await row(asked).getByText("品目「乾電池」で答える").waitFor();
      await desk.looks("questions-handled");
      await row(idle).getByRole("button", { name: "一覧に戻す" }).click();
      await desk.reads("一覧に戻しました");
      await desk.goTo("答えられなかった質問");
      await row(idle).getByRole("button", { name: "新しい品目にする" }).click();
      await desk.isAt("品目を追加する");
      assert.equal(await desk.field("品目の名前").inputValue(), idle);
      await desk.looks("questions-item");
    });
    await askUntil(phone, asked, "乾電池");
  }));
