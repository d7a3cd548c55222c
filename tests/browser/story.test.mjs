/** @file The main job, as a person does it: follow, choose the district, ask, get the answer and the day. */

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { test } from "node:test";

import { DESKTOP, guidePicture, nextMonthly, withPhone } from "./phone.mjs";

const LARGEST_PICTURE = 300 * 1024;

test("a new resident follows, picks a district, asks かんでんち and learns what to do and when", () =>
  withPhone("story", DESKTOP, async (phone) => {
    await phone.createResident("山田 花子");
    assert.equal(await phone.composer.isVisible(), false, "who does not follow cannot write");
    const start = await phone.follow();
    await phone.hears("友だち追加ありがとうございます", "こはる野市");
    await phone.quickReply("English").waitFor();

    const districts = await phone.answerTo(() => phone.press(start, "地区を選ぶ"), "お住まいの地区", "朝日台");
    assert.ok((await districts.getByRole("button").count()) >= 12, "every district has a button");
    await phone.answerTo(() => phone.press(districts, "本町"), "お住まいの地区を「本町」にしました。");

    await phone.answerTo(() => phone.say("地区"), "お住まいの地区", "朝日台");
    await phone.answerTo(() => phone.say("あさひだい"), "お住まいの地区を「朝日台」にしました。");
    await phone.hears("朝日台の次の収集日", "燃やすごみ");

    const before = nextMonthly(15);
    const answer = await phone.answerTo(() => phone.say("かんでんち"), "乾電池", "有害・危険ごみ", "次の収集日");
    const told = await answer.innerText();
    assert.ok(told.includes(before) || told.includes(nextMonthly(15)), `the day of 朝日台, ${before}: ${told}`);
    assert.match(told, /透明な袋に入れて赤いコンテナへ。/);
    assert.match(told, /8時30分まで/);
    await phone.quickReply("次の収集日").waitFor();

    await phone.closeMenu();
    await phone.page.evaluate(() => document.fonts.ready);
    await phone.page.screenshot({ path: guidePicture });
    const { size } = statSync(guidePicture);
    assert.ok(size <= LARGEST_PICTURE, `the picture of the README has ${size} bytes`);
  }));

test("what nobody knows is said kindly, with what comes nearest", () =>
  withPhone("unknown", DESKTOP, async (phone) => {
    await phone.newFriend("佐藤 健一");
    await phone.answerTo(() => phone.say("ぞぞむぎのみこし"), "見つかりませんでした", "記録しました");
    await phone.answerTo(() => phone.say("ﾃﾞﾝﾁ"), "乾電池");
  }));
