/** @file The public page: what went to all is there for everybody to read, once the town wants it, and no longer when it does not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DESKTOP, lend, overflow, picturesHost, runningCity, screenshotPath, unique, violations } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { withPhone } from "./phone.mjs";

/** An administrator decides whether there is such a page. */
const decide = (choice) =>
  withDesk("news-settings", "administrator", async (desk) => {
    await desk.open("/settings/sending");
    await desk.main.getByRole("radio", { name: choice }).check();
    await desk.press("保存する");
    await desk.isAt("設定");
  });

/** The page again and again until it answers so: what the town decides, and what was sent, arrive within a minute. */
async function comesTo(reader, address, status, words = "") {
  for (let looks = 0; looks < 90; looks += 1) {
    const answer = await reader.goto(address);
    const text = await answer.text();
    if (answer.status() === status && text.includes(words)) return text;
    await reader.waitForTimeout(1_000);
  }
  return assert.fail(`${address} never came to ${status} ${words}`);
}

/** Somebody without an account, at the public page. */
function withReader(use) {
  const { host } = new URL(runningCity().portal);
  // Whether a page was refused is looked at by comesTo().
  const expected = (message) => message.text().startsWith("Failed to load resource");
  return lend("news", DESKTOP, { hosts: [host, picturesHost()], expected }, use);
}

test("what went to all is public as long as the town wants it", async () => {
  const { portal } = runningCity();
  const [title, text] = [`公園のお知らせ ${unique()}`, `公園を休みます。<${unique()}>`];
  let path = "";
  await withReader((reader) => comesTo(reader, `${portal}/news`, 404));
  // Nothing is sent where nobody would get it.
  await withPhone("news-phone", DESKTOP, (phone) => phone.newFriend("お知らせ 花"));
  await withDesk("news-writing", "editor", async (desk) => {
    await desk.begins(title, text);
    path = await desk.keepsDraft();
    await desk.asksForApproval();
  });
  await withDesk("news-approving", "approver", async (desk) => {
    await desk.approves(path);
  });
  await decide("だれでも読めるページを作る");
  try {
    const escaped = text.replace("<", "&lt;").replace(">", "&gt;");
    await withReader(async (reader) => {
      const page = await comesTo(reader, `${portal}/news`, 200, escaped);
      assert.ok(!page.includes(title), "the title is the staff's own");
      for (const [at, width] of Object.entries({ wide: 1280, reflowed: 320, narrow: 360 })) {
        await reader.setViewportSize({ width, height: 800 });
        assert.deepEqual(await overflow(reader), [], at);
        assert.deepEqual(await violations(reader), [], at);
        await reader.screenshot({ path: screenshotPath(`news-${at}`), fullPage: true });
      }
      await comesTo(reader, `${portal}/news.atom`, 200, escaped);
    });
  } finally {
    await decide("作らない");
  }
  await withReader((reader) => comesTo(reader, `${portal}/news`, 404));
});
