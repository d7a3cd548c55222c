/** @file 稼働状況: what failed is seen, and handed back by a button after a page that says what will happen. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { runningCity } from "./browser.mjs";
import { bury } from "./cloud.mjs";
import { withDesk } from "./desk.mjs";

/** Where a message that failed lies, by the flow's name on the page. */
const DEAD_LETTERS = {
  住民からのメッセージ: "deadLetterQueue",
  報告の写真: "photoDeadLetterQueue",
  報告者へのお知らせ: "noticeDeadLetterQueue",
  ほかのシステムへの連携: "relayDeadLetterQueue",
  一斉配信: "sendingDeadLetters",
};
/** Other tests look into the same queues, and hide what they find there for half a minute. */
const LONGEST_MS = 90_000;

/** Puts a message that nobody can open among what failed of a flow. */
const buryOf = (flow) => bury(runningCity()[DEAD_LETTERS[flow]]);

/** The row of a flow in the table of what failed. */
const failed = (desk, flow) => desk.main.getByRole("table", { name: "失敗したもの" }).getByRole("row").filter({ hasText: flow });

/** How many failed of a flow. */
async function count(desk, flow) {
  return Number((await failed(desk, flow).getByRole("cell").first().innerText()).replace(/\D/g, ""));
}

/** Opens the page until it is so. */
async function until(desk, what, isSo) {
  const deadline = Date.now() + LONGEST_MS;
  while (Date.now() < deadline) {
    await desk.open("/watch");
    if (await isSo()) return;
    await desk.page.waitForTimeout(1_000);
  }
  assert.fail(`${what} was never seen`);
}

/** Presses the button of a flow until something was moved; `look` sees the page that asks. */
async function redrive(desk, flow, button, done, look = () => {}) {
  const nothing = desk.main.getByText("失敗したものはありません").or(desk.main.getByText("いまは取り出せませんでした"));
  const moved = desk.main.getByText(done);
  await until(desk, done, async () => {
    await failed(desk, flow).getByRole("link").click();
    await desk.button(button).or(nothing).first().waitFor();
    if (await nothing.isVisible()) return false;
    await look();
    await desk.press(button);
    await moved.or(nothing).first().waitFor();
    return moved.isVisible();
  });
}

test("what failed is seen, and goes back by a button; what still cannot be done comes back", () =>
  withDesk("watch", "administrator", async (desk) => {
    await desk.isAt("ホーム");
    await desk.goTo("稼働状況");
    await desk.reads("失敗したもの", "待っているもの", "自動で動いているもの", "1時間ごとの確認");
    await desk.looks("watch");

    const flows = Object.keys(DEAD_LETTERS).filter((flow) => flow !== "一斉配信");
    for (const flow of flows) {
      await buryOf(flow);
      await until(desk, flow, async () => (await count(desk, flow)) >= 1);
      await desk.reads("対応が必要なことがあります", new RegExp(`「${flow}」に、失敗したものが約\\d+件あります`));
      const look = async () => {
        await desk.reads("原因が直っていないと、また失敗して、ここに戻ってきます。");
        await desk.looks(`watch-redrive-${flows.indexOf(flow)}`);
      };
      await redrive(desk, flow, "出しなおす", new RegExp(`「${flow}」を[\\d,]+件、出しなおしました`), look);
      await desk.looks(`watch-redriven-${flows.indexOf(flow)}`);
      // Nobody can open it: its function puts it back there.
      await until(desk, `${flow} again`, async () => (await count(desk, flow)) >= 1);
    }

    await buryOf("一斉配信");
    await until(desk, "一斉配信", async () => (await count(desk, "一斉配信")) >= 1);
    const look = () => desk.reads("メッセージは送られません。");
    await redrive(desk, "一斉配信", "片付ける", /「一斉配信」の控えを[\d,]+件、片付けました/, look);
    await desk.looks("watch-cleared");

    await desk.goTo("操作の記録");
    const entries = desk.main.getByRole("row").filter({ hasText: "失敗したものの出しなおし" });
    assert.ok((await entries.count()) >= flows.length + 1, "each press is on record");
  }));

test("who is no administrator finds no way there, and is refused by its address", () =>
  withDesk("watch-editor", "editor", async (desk) => {
    await desk.isAt("ホーム");
    assert.equal(await desk.page.getByRole("link", { name: "稼働状況", exact: true }).count(), 0);
    await desk.open("/watch");
    await desk.reads("この操作の権限がありません");
    desk.wasAnswered(403);
  }));
