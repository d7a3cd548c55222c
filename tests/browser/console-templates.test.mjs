/** @file What staff keep for the next time: a template with its versions, and an audience under a name. */

import { test } from "node:test";

import { unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";

test("a template is kept, changed, taken again, and a broadcast begins with it", () =>
  withDesk("templates", "editor", async (desk) => {
    const [name, first, second] = [`断水のひな形 ${unique()}`, `はじめの文 ${unique()}`, `直した文 ${unique()}`];
    await desk.goTo("配信");
    await desk.follow("配信のひな形");
    await desk.looks("templates-none");
    await desk.follow("ひな形をつくる");
    await desk.press("ひな形を保存する");
    await desk.reads("1文字から60文字までの名前を入れてください。");
    await desk.looks("template-mistakes", 422);
    await desk.field(/^名前/).fill(name);
    await desk.writesText(first);
    await desk.press("ひな形を保存する");
    await desk.reads(name, first);
    await desk.follow("ひな形を直す");
    await desk.writesText(second);
    await desk.looks("template-form");
    await desk.press("ひな形を保存する");
    await desk.reads(second, "これまでの版");
    await desk.looks("template");
    await desk.press("このひな形で配信を書く");
    await desk.reads(second);
    await desk.press("下書きを保存する");
    await desk.reads("保存しました", second);
    await desk.goTo("配信");
    await desk.follow("配信のひな形");
    await desk.reads(name);
    await desk.looks("templates");
  }));

test("an audience is kept under a name, and used again", () =>
  withDesk("audiences", "editor", async (desk) => {
    const name = `全員 ${unique()}`;
    await desk.open("/broadcasts/new");
    await desk.main.getByText("この配信対象を名前を付けて保存する").first().click();
    await desk.field(/^配信対象の名前/).fill(name);
    await desk.press("この配信対象を名前を付けて保存する");
    await desk.reads("配信対象を保存しました");
    await desk.looks("broadcast-audience-kept");
    await desk.field(/^保存した配信対象/).selectOption({ label: name });
    await desk.press("保存した配信対象を使う");
    await desk.open("/broadcasts/audiences");
    await desk.reads(name);
    await desk.looks("audiences");
  }));
