/** @file People: inviting, changing, keeping out; and two administrators at the same time. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { unique } from "./browser.mjs";
import { chosenPassword, newAccount, withDesk } from "./desk.mjs";

const pathOf = (desk) => new URL(desk.page.url()).pathname;

test("somebody is invited, comes in, gets other roles, and is kept out at once", async () => {
  const account = await newAccount(`青木 ${unique()}`);
  await withDesk("invite", "administrator", async (desk) => {
    await desk.goTo("職員と権限");
    await desk.looks("people");
    await desk.follow("権限の説明を見る");
    await desk.isAt("権限の説明");
    await desk.looks("people-help");

    await desk.open("/people");
    await desk.follow("職員を招待する");
    await desk.isAt("職員を招待する");
    await desk.looks("invite");
    await desk.field("メールアドレス").fill("だめ");
    await desk.press("招待する");
    await desk.reads("2か所に入力の誤りがあります");
    assert.equal(await desk.field("メールアドレス").inputValue(), "だめ", "what was typed is still there");
    await desk.looks("invite-mistakes", 422);

    await desk.invite(account, "閲覧者");
    await desk.reads("招待中");
    await desk.looks("invited");

    await withDesk("invited", account, async (theirs) => {
      await theirs.signIn();
      await theirs.isAt("ホーム");
      const links = theirs.page.getByRole("navigation").getByRole("link", { name: "テスト送信" }).filter({ visible: true });
      assert.equal(await links.count(), 0, "a reader sends nothing");

      await desk.page.reload();
      await desk.field("環境課").selectOption("編集者");
      await desk.press("保存する");
      await desk.reads("保存しました");
      await theirs.page.reload();
      await links.waitFor();

      await desk.follow("利用を停止する");
      await desk.isAt(`${account.name}さんの利用を停止しますか`);
      await desk.looks("disable");
      await desk.press("利用を停止する");
      await desk.reads("利用を停止しました", "停止中");
      await desk.looks("disabled");
      await theirs.open("/residents");
      await theirs.isAskedWhoTheyAre();
      await theirs.identify();
      await theirs.reads("このアカウントは停止されています");
      await theirs.looks("kept-out", 403);

      await desk.follow("停止を解く");
      await desk.isAt(`${account.name}さんの停止を解きますか`);
      await desk.looks("enable");
      await desk.press("停止を解く");
      await desk.reads("利用の停止を解きました");
      await theirs.signIn();
      await theirs.isAt("ホーム");
    });
  });
});

test("of two administrators at the same form, the second is shown the difference, and overwrites nothing unseen", async () => {
  const subject = await newAccount(`木村 ${unique()}`);
  const colleague = await newAccount(`林 ${unique()}`);
  await withDesk("conflict-first", "administrator", async (first) => {
    await first.invite(colleague, "管理者");
    await first.invite(subject, "閲覧者");
    const path = pathOf(first);
    await withDesk("conflict-second", colleague, async (second) => {
      await second.signIn(path);
      await second.field("環境課").selectOption("承認者");
      await second.field("氏名").fill(`${subject.name} 太郎`);

      await first.open(path);
      await first.field("環境課").selectOption("編集者");
      await first.press("保存する");
      await first.reads("保存しました");

      await second.press("保存する");
      await second.reads("ほかの職員が、先にこの内容を変えました", "まだ何も上書きしていません");
      const [theirs, yours] = [second.main.getByRole("table").nth(0), second.main.getByRole("table").nth(1)];
      for (const word of ["環境課", "閲覧者", "編集者"]) await theirs.getByText(word).first().waitFor();
      for (const word of ["環境課", "編集者", "承認者", "太郎"]) await yours.getByText(word).first().waitFor();
      await second.looks("conflict", 409);
      await first.page.reload();
      assert.equal(await first.field("環境課").locator("option:checked").innerText(), "編集者", "nothing was overwritten");

      await second.press("この内容で保存する");
      await second.reads("保存しました");
      await first.page.reload();
      assert.equal(await first.field("環境課").locator("option:checked").innerText(), "承認者");
      assert.equal(await first.field("氏名").inputValue(), `${subject.name} 太郎`);
    });
  });
});

test("an invitation makes the account, and its mail is sent again by a button", async () => {
  const invited = { email: `${unique()}@koharuno.example`, name: `新田 ${unique()}` };
  await withDesk("new-account", "administrator", async (desk) => {
    await desk.invite(invited, "閲覧者");
    await desk.reads("本人にメールを送りました");
    await desk.press("招待のメールをもう一度送る");
    await desk.reads("招待のメールを送りました");
    await desk.looks("new-account");
  });
  const account = await chosenPassword(invited);
  await withDesk("newcomer", account, async (desk) => {
    await desk.signIn();
    await desk.isAt("ホーム");
    await desk.page.getByRole("link", { name: account.name }).filter({ visible: true }).click();
    await desk.isAt("ログイン中の端末");
    await desk.reads("ログイン中の端末（1台）", "（この画面）");
    await desk.looks("sessions");
  });
});

test("nobody lifts their own roles", () =>
  withDesk("oneself", "administrator", async (desk) => {
    await desk.open("/people");
    await desk.field("氏名・メールアドレスでさがす").fill("hanako");
    await desk.press("さがす");
    await desk.reads("職員の一覧（1人）");
    assert.ok(!desk.page.url().includes("hanako"), "no name in an address");
    await desk.follow("佐藤 花子");
    await desk.isAt("佐藤 花子さんの登録内容");
    await desk.reads("自分の権限は変えられません");
    assert.equal(await desk.main.getByRole("combobox").count(), 0);
    assert.equal(await desk.main.getByRole("checkbox").count(), 0);
    assert.equal(await desk.main.getByRole("link", { name: "利用を停止する" }).count(), 0);
    await desk.looks("oneself");
  }));

test("what was typed is asked for before it is left", () =>
  withDesk("unsaved", "administrator", async (desk) => {
    await desk.open("/people/invite");
    await desk.field("氏名").pressSequentially("書きかけ");
    const asked = desk.page.waitForEvent("dialog");
    const leaving = desk.page.getByRole("link", { name: "操作の記録" }).filter({ visible: true }).click({ noWaitAfter: true });
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload");
    await dialog.dismiss();
    await leaving;
    await desk.isAt("職員を招待する");
    assert.equal(await desk.field("氏名").inputValue(), "書きかけ");
  }));
