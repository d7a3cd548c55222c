/** @file Coming in and leaving: where one is led, what a session is worth, and who is kept out. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { newAccount, withDesk } from "./desk.mjs";

test("one comes in, sees what is there for them, and leaves for good", () =>
  withDesk("sign-in", "administrator", async (desk) => {
    const { page } = desk;
    await desk.isAt("ホーム");
    await page.getByText("佐藤 花子").filter({ visible: true }).waitFor();
    await desk.looks("home");
    const session = await desk.session();
    assert.deepEqual([session.httpOnly, session.secure, session.sameSite, session.path], [true, true, "Lax", "/"]);

    await page.getByRole("button", { name: "ログアウト" }).filter({ visible: true }).click();
    await page.waitForURL("**/signed-out");
    await desk.reads("ログアウトしました");
    await desk.looks("signed-out");
    assert.equal(await desk.session(), undefined);

    await page.context().addCookies([session]);
    await desk.open("/people");
    await desk.isAskedWhoTheyAre();
  }));

test("who asks for a page by its address is led back to it", () =>
  withDesk("deep-link", "administrator", async (desk) => {
    await desk.loseSession();
    await desk.signIn("/town/waste-items?q=%E9%9B%BB%E6%B1%A0&page=1");
    const { pathname, searchParams } = new URL(desk.page.url());
    assert.deepEqual([pathname, searchParams.get("q")], ["/town/waste-items", "電池"]);
    await desk.isAt("品目");
    assert.equal(await desk.field("名前・読み・別名・識別名でさがす").inputValue(), "電池");
  }));

test("who was never invited is told so, and stays outside", async () => {
  const stranger = await newAccount("見知らぬ 人");
  await withDesk("stranger", stranger, async (desk) => {
    await desk.open("/people");
    await desk.identify();
    await desk.reads("このアカウントでは入れません", "招待を頼んでください");
    await desk.looks("stranger", 403);
    assert.equal(await desk.session(), undefined);
    await desk.open("/");
    await desk.isAskedWhoTheyAre();
  });
});

test("a reader sees no way to what is not theirs, and is refused it by its address", () =>
  withDesk("reader", "reader", async (desk) => {
    await desk.isAt("ホーム");
    await desk.looks("home-reader");
    const navigation = desk.page.getByRole("navigation", { name: "メインメニュー" }).filter({ visible: true });
    const parts = await navigation.getByRole("link").allInnerTexts();
    assert.deepEqual(parts, ["ホーム", "配信", "お知らせ予約", "損傷の報告", "住民のようす", "収集カレンダー", "まちのデータ"]);
    await desk.open("/people");
    await desk.reads("この操作の権限がありません", "管理者に権限の追加を頼んでください");
    await desk.looks("denied", 403);
    await desk.open("/nowhere");
    await desk.reads("ページが見つかりません");
    await desk.looks("not-found", 404);
  }));
