/** @file A message to oneself: the phone is connected by a code, the text looks as it will, and it arrives exactly once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { unique } from "./browser.mjs";
import { newColleague, withDesk } from "./desk.mjs";
import { DESKTOP, withPhone } from "./phone.mjs";

/** Connects the desk's person with the phone, by the code that is typed in the chat. */
async function connect(desk, phone, look = () => {}) {
  await desk.goTo("テスト送信");
  await desk.press("つなぐための番号を出す");
  await desk.isAt("スマートフォンをつなぐ");
  await look();
  const code = await desk.main.getByText(/職員 \d{4} \d{4}/).innerText();
  await phone.answerTo(() => phone.say(code.trim()), "つながりました");
  await desk.follow("つながったか確かめる");
  await desk.reads("つながっています。");
}

test("the own phone is connected, sees the text as it was shown, and gets it once", async () => {
  const person = await newColleague(`池田 ${unique()}`, "編集者");
  const [text, last] = [`こんにちは。${unique()}\n二行目です。`, `おわりです。${unique()}`];
  await withDesk("trial", person, async (desk) => {
    await desk.signIn();
    await desk.main.getByRole("link", { name: "スマートフォンをつなぐ" }).waitFor();
    await desk.goTo("テスト送信");
    await desk.looks("trial-not-connected");
    await withPhone("trial-phone", DESKTOP, async (phone) => {
      await phone.newFriend("池田 さくら");
      await connect(desk, phone, () => desk.looks("trial-code"));

      await desk.press("自分に送る");
      await desk.reads("本文を入力してください。");
      await desk.looks("trial-empty", 422);
      const bubble = desk.main.locator("[data-preview]");
      await desk.field("本文").fill(text);
      assert.equal(await bubble.innerText(), text, "the picture of the phone follows what is typed");
      await desk.reads(`${text.length} / 5,000文字`);
      await desk.looks("trial-typed");

      await desk.button("自分に送る").dblclick();
      await desk.reads(/送りました|もう送ってあります/);
      await phone.hears(...text.split("\n"));
      await desk.looks("trial-sent");

      await desk.open("/trial");
      await desk.field("本文").fill(last);
      await desk.press("自分に送る");
      await desk.reads("送りました");
      await phone.hears(last);
      assert.equal(await phone.saying(text.split("\n")).count(), 1, "pressed twice, it came once");

      await desk.press("つなぐのをやめる");
      await desk.reads("つなぐのをやめました", "まだつながっていません");
    });
  });
});

test("a text whose session ended while it was written is not lost, and is sent after all", async () => {
  const person = await newColleague(`橋本 ${unique()}`, "編集者");
  const lines = [`一行目「<b>&amp;」 ${unique()}`, "", "三行目"];
  await withDesk("trial-expired", person, async (desk) => {
    await desk.signIn();
    await withPhone("trial-expired-phone", DESKTOP, async (phone) => {
      await phone.newFriend("橋本 すみれ");
      await connect(desk, phone);
      await desk.field("本文").fill(lines.join("\n"));
      await desk.loseSession();
      await desk.press("自分に送る");
      await desk.reads("期限が切れました", lines[0], lines[2]);
      await desk.looks("expired", 401);

      const opened = desk.page.context().waitForEvent("page");
      await desk.main.getByRole("link", { name: /^別の画面で/ }).click();
      const other = await opened;
      await desk.identify(other);
      await other.getByText("この画面を閉じて、もとの画面に戻り").waitFor();
      await other.close();

      await desk.press("入力した内容を送信する");
      await desk.reads("もう一度、送信を確かめてください", lines[0], lines[2]);
      await desk.looks("resend", 403);
      await desk.press("この内容で送信する");
      await desk.reads("送りました");
      const message = await phone.hears(lines[0], lines[2]);
      assert.ok((await message.innerText()).includes(lines.join("\n")), "line by line as it was typed");
    });
  });
});
