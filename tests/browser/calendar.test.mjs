/** @file The garbage calendar for everybody: from a district to its days, on any width, on one sheet of paper, in the reader's own calendar. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { DESKTOP, lend, NARROW, overflow, runningCity, screenshotPath, violations } from "./browser.mjs";

const WIDTHS = { wide: 1280, reflowed: 320, narrow: 390 };

/** Somebody without an account, at the portal. */
const withReader = (name, device, use) => lend(name, device, { hosts: [new URL(runningCity().portal).host] }, use);

/** The pages of a PDF. */
const pagesOf = (pdf) => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;

test("a resident finds the days of the district, by finger and by eye", async () => {
  await withReader("calendar", NARROW, async (reader) => {
    await reader.goto(`${runningCity().portal}/calendar`);
    await reader.getByRole("link", { name: "本町" }).tap();
    await reader.getByRole("heading", { level: 1, name: "中央コースのごみの収集日" }).waitFor();
    await reader.getByText("前の日の19時に通知が出ます").waitFor();
    const month = reader.getByRole("table", { name: /年1月$/ });
    assert.ok((await month.getByRole("row").count()) > 10, "the days of January");
    const subscribe = await reader.getByRole("link", { name: "すべてのごみを登録する" }).getAttribute("href");
    // MiniStack tells the function the host that AWS would give it.
    assert.match(subscribe, /^webcal:\/\/[^/]+\/calendar\/chuo\.ics$/);
    const address = runningCity().portal + new URL(subscribe).pathname;
    // A browser keeps such a file, and says so by an error.
    const [kept] = await Promise.all([reader.waitForEvent("download"), reader.goto(address).catch(() => {})]);
    assert.match(readFileSync(await kept.path(), "utf8"), /^BEGIN:VCALENDAR\r\n[^]*SUMMARY:燃やすごみ\r\n/);
  });
});

test("nothing keeps anybody out, whatever the width and the language", async () => {
  await withReader("calendar-access", DESKTOP, async (reader) => {
    for (const [name, path] of [["list", "/calendar"], ["area", "/calendar/chuo"], ["easy", "/calendar/chuo?lang=ja-easy"], ["english", "/calendar/yamate?lang=en"]]) {
      await reader.goto(runningCity().portal + path);
      for (const [at, width] of Object.entries(WIDTHS)) {
        await reader.setViewportSize({ width, height: 800 });
        assert.deepEqual(await overflow(reader), [], `${name} ${at}`);
        assert.deepEqual(await violations(reader), [], `${name} ${at}`);
        await reader.screenshot({ path: screenshotPath(`calendar-${name}-${at}`) });
      }
    }
  });
});

test("the year is one sheet of paper", async () => {
  await withReader("calendar-paper", DESKTOP, async (reader) => {
    for (const area of ["chuo", "minami", "yamate"]) {
      await reader.goto(`${runningCity().portal}/calendar/${area}`);
      const pdf = await reader.pdf({ preferCSSPageSize: true });
      assert.equal(pagesOf(pdf), 1, area);
      await reader.emulateMedia({ media: "print" });
      // Lying, the year alone, and all of its days.
      assert.equal(await reader.getByRole("row").filter({ visible: true }).count(), 365, area);
      assert.equal(await reader.getByRole("heading", { level: 1 }).isVisible(), false, area);
      await reader.emulateMedia({ media: null });
    }
  });
});
