/** @file Everybody can use the console: by keyboard alone, without scripts, on a narrow screen. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DESKTOP, NARROW, screenshotPath, unique, violations } from "./browser.mjs";
import { sample, withDesk } from "./desk.mjs";

test("signing in, inviting and leaving by keyboard alone", () =>
  withDesk("keyboard", sample("administrator"), async (desk) => {
    const { page, account } = desk;
    const { keyboard } = page;
    const name = `井上 ${unique()}`;
    await desk.open("/");
    await desk.tabTo(page.locator("input[name=username]"));
    await keyboard.type(account.email);
    await desk.tabTo(page.locator("input[name=password]"));
    await keyboard.type(account.password);
    await keyboard.press("Enter");
    await desk.isAt("ホーム");

    await keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "本文へ移動" });
    assert.ok(await skip.evaluate((node) => node === document.activeElement), "the first stop leads past the navigation");
    await keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.id === "main");

    await desk.tabTo(page.getByRole("navigation").getByRole("link", { name: "職員と権限" }).filter({ visible: true }));
    await keyboard.press("Enter");
    await desk.isAt("職員と権限");
    await desk.tabTo(desk.main.getByRole("link", { name: "職員を招待する" }));
    await keyboard.press("Enter");
    await desk.isAt("職員を招待する");

    await desk.tabTo(desk.field("氏名"));
    await keyboard.type(name);
    await keyboard.press("Enter");
    await desk.reads("1か所に入力の誤りがあります");
    desk.wasAnswered(422);
    const summary = desk.main.getByRole("alert");
    await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "alert");
    await desk.tabTo(summary.getByRole("link").first());
    await keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "email");
    await keyboard.type(`${unique()}@koharuno.example`);
    await desk.tabTo(desk.field("管理者にする"));
    await keyboard.press("Space");
    assert.ok(await desk.field("管理者にする").isChecked());
    await keyboard.press("Space");
    await desk.tabTo(desk.field("環境課"));
    await keyboard.press("ArrowDown");
    await keyboard.press("ArrowDown");
    await desk.tabTo(desk.button("招待する"));
    await keyboard.press("Enter");
    await desk.isAt(`${name}さんの登録内容`);
    await desk.reads("招待しました");
    assert.equal(await desk.field("環境課").locator("option:checked").innerText(), "編集者");
    await desk.tabTo(page.getByRole("button", { name: "ログアウト" }).filter({ visible: true }));
    await keyboard.press("Space");
    await page.waitForURL("**/signed-out");
  }));

test("without scripts the same pages read, and forms work", () =>
  withDesk(
    "no-script",
    "administrator",
    async (desk) => {
      const { page } = desk;
      const name = `清水 ${unique()}`;
      await desk.isAt("ホーム");
      const parts = ["住民のようす", "答えられなかった質問", "まちのデータ", "テスト送信", "職員と権限", "操作の記録", "稼働状況"];
      for (const part of parts) await desk.goTo(part);
      await desk.invite({ name, email: `${unique()}@koharuno.example` }, "閲覧者");
      await desk.open("/people");
      await desk.field("氏名・メールアドレスでさがす").fill(name);
      await desk.press("さがす");
      await desk.reads("職員の一覧（1人）");

      await desk.goTo("住民のようす");
      await desk.main.getByRole("button", { name: /^数え/ }).click();
      const done = desk.main.getByRole("button", { name: "数えなおす" });
      const again = desk.main.getByRole("link", { name: "最新の状況を表示" });
      // Each loading counts on for a moment.
      for (let loading = 0; loading < 60; loading += 1) {
        await done.or(again).waitFor();
        if (await done.isVisible()) break;
        await again.click();
      }
      await done.waitFor();

      await desk.goTo("操作の記録");
      const entry = desk.main.getByRole("row").filter({ hasText: name }).first();
      await entry.getByText(/^変更の内容/).click();
      await entry.getByText(`変更後：${name}`).waitFor();
      await page.getByRole("button", { name: "ログアウト" }).filter({ visible: true }).click();
      await page.waitForURL("**/signed-out");
    },
    { ...DESKTOP, javaScriptEnabled: false },
  ));

test("on a phone the menu opens and closes, and leads everywhere", () =>
  withDesk(
    "menu",
    "administrator",
    async (desk) => {
      const { page } = desk;
      const opener = page.getByText("メニュー", { exact: true });
      const links = page.getByRole("navigation", { name: "メインメニュー" }).getByRole("link").filter({ visible: true });
      await opener.tap();
      await links.first().waitFor();
      assert.equal(await links.count(), 13);
      assert.deepEqual((await violations(page)).map(({ text }) => text), []);
      await page.screenshot({ path: screenshotPath("console-menu-open") });
      await page.keyboard.press("Escape");
      await links.first().waitFor({ state: "hidden" });
      await opener.tap();
      await links.first().waitFor();
      await page.getByText("職員専用の画面です").tap();
      await links.first().waitFor({ state: "hidden" });
      await opener.tap();
      await links.getByText("操作の記録").tap();
      await desk.isAt("操作の記録");
      assert.equal(await links.count(), 0, "on the next page the menu is closed");
    },
    NARROW,
  ));
