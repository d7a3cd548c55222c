/** @file A damage report from the chat to its end: photos and place by phone, found and worked on by staff, answered on the phone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { screenshotPath, unique, violations } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { DESKTOP, NARROW, withPhone } from "./phone.mjs";

/** A photo is there within seconds; a cold function on a busy machine is slow. */
const LOOKS = 60;
const NUMBER = /\d{6}-[0-9A-HJKMNP-TV-Z]{6}/;

/** Coordinates in the town, where nobody else reports anything; `north` of them by so many degrees. */
function somewhere() {
  const between = (from, to) => from + Math.random() * (to - from);
  const [latitude, longitude] = [between(35.64, 35.68), between(139.45, 139.53)];
  return (north = 0) => ({ latitude: (latitude + north).toFixed(5), longitude: longitude.toFixed(5) });
}

/** What keeps people out of the phone's page. */
async function isOpenToAll(phone, name) {
  assert.deepEqual((await violations(phone.page)).map(({ text }) => text), [], name);
  await phone.page.screenshot({ path: screenshotPath(`report-${name}`) });
}

/** Taps what is offered below, and gives the answer with these words. */
const choose = (phone, label, ...words) => phone.answerTo(() => phone.quickReply(label).click(), ...words);

/** Begins a report of a street light, and answers its questions, until photos are asked for. */
async function begin(phone, how = () => phone.say("損傷を報告")) {
  const kinds = await phone.answerTo(how, "損傷の報告", "河川・水路");
  const urgent = await phone.answerTo(() => phone.press(kinds, "街路灯"), "すぐにお電話ください", "柱が倒れそう");
  await phone.answerTo(() => phone.press(urgent, "報告を続ける"), "どのような様子ですか。");
  await choose(phone, "消えている", "柱に番号の札があれば");
  await phone.answerTo(() => phone.say("北原-12"), "写真を送ってください");
}

/** Says where it is, when that is asked for. */
function sendPlace(phone, place, ...words) {
  return phone.answerTo(() => phone.sendPlace(() => phone.quickReply("場所を送る").click(), place), ...words);
}

/** Sends what the summary shows; the number that the account tells. */
async function send(phone, summary) {
  const filed = await phone.answerTo(() => phone.press(summary, "この内容で送信する"), "報告を受け付けました", "受付番号");
  const [number] = (await filed.textContent()).match(NUMBER) ?? assert.fail("a report has a number");
  return number;
}

/** Opens a page again and again until so many of these stand on it. */
async function comesToHave(desk, path, found, count) {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    await desk.open(path);
    if ((await found.count()) === count) return;
    await desk.page.waitForTimeout(1_000);
  }
  assert.fail(`${path} never had ${count} of ${found}`);
}

test("a report with three photos is filed by chat, worked on, merged with a second one, and both hear of it", async () => {
  const [comment, answer] = [`夜になると真っ暗です。${unique()}`, `来週、電球を取り替えます。${unique()}`];
  const place = somewhere();
  await withPhone("report", DESKTOP, async (phone) => {
    await phone.newFriend("報告 一郎");
    await begin(phone, () => phone.tapMenu("道路や公園の損傷を報告"));
    await isOpenToAll(phone, "photos-asked");
    await phone.page.getByTestId("plus").click();
    await phone.page.getByTestId("tray-photo").click();
    await phone.answerTo(() => phone.page.getByTestId("sample-photos").click(), "写真を3枚受け取りました");
    assert.equal(await phone.saying(["受け取りました"]).count(), 1, "photos that come together are answered once");
    await choose(phone, "次へ", "場所を教えてください");
    const at = { ...place(), address: "こはる野市北原2丁目" };
    await sendPlace(phone, at, "ほかに伝えたいことがあれば");
    const summary = await phone.answerTo(() => phone.say(comment), "この内容で報告します", "消えている", "北原-12", "3枚", at.address, comment);
    await isOpenToAll(phone, "summary");
    const number = await send(phone, summary);
    await isOpenToAll(phone, "filed");
    await phone.answerTo(() => phone.say("報告の状況"), "街路灯", number, "受付");

    await withDesk("report", "administrator", async (desk) => {
      const path = await desk.finds(number);
      const photos = desk.main.locator("ul.photos img");
      await comesToHave(desk, path, photos, 3);
      for (const photo of await photos.all()) {
        assert.ok(await photo.evaluate(async (image) => (await image.decode(), image.naturalWidth)), "the photo is shown");
      }
      await desk.reads(comment, "消えている", "北原-12", at.address, `${at.latitude},${at.longitude}`, "LINEの友だち");
      await desk.looks("report-filed");
      await desk.goTo("損傷の報告");
      const row = desk.main.getByRole("row").filter({ hasText: number });
      assert.equal(await row.locator("img.thumbnail").count(), 1, "the list shows the first photo");
      await desk.looks("report-list");
      await desk.follow("地図で見る");
      await desk.isAt("地図");
      await desk.page.locator(`.leaflet-marker-icon[title="${number}"]`).waitFor({ state: "attached" });
      assert.equal(await desk.main.locator(`#on-map a[href="${path}"]`).count(), 1);
      await desk.looks("report-on-map");

      await desk.open(path);
      await desk.press("確認を始める");
      await desk.reads("保存しました");
      await desk.field(/^報告した人への返事/).fill(answer);
      await desk.press("「対応中」にする");
      await desk.reads("報告した人に、LINEで知らせます。");
      await phone.hears(number, "対応中", answer);
      await comesToHave(desk, path, desk.main.getByText("LINEで知らせました"), 1);

      await withPhone("report-second", DESKTOP, async (second) => {
        await second.newFriend("報告 花子");
        await begin(second);
        await choose(second, "写真なしで進む", "場所を教えてください");
        await sendPlace(second, place(0.0001), "ほかに伝えたいことがあれば");
        const other = await send(second, await choose(second, "なし", "この内容で報告します", "消えている"));
        assert.notEqual(other, number);

        await desk.finds(other);
        await desk.reads("近くの報告", number);
        await desk.looks("report-near");
        await desk.follow("まとめる");
        await desk.reads("この報告を、ほかの報告にまとめますか", number, other);
        await desk.looks("report-merge");
        await desk.press("まとめる");
        await desk.reads("1つにまとめました", other);
        await second.hears(other, "とまとめました", number);
        await desk.field(/^報告した人への返事/).fill("取り替えました。");
        await desk.press("「完了」にする");
        await desk.reads("報告した人に、LINEで知らせます。");
        for (const each of [phone, second]) await each.hears(number, "完了", "取り替えました。");
        await second.answerTo(() => second.say("報告の状況"), other, "ほかの報告とまとめました");
        await isOpenToAll(second, "merged");
      });
      await comesToHave(desk, path, desk.main.getByText("LINEで知らせました"), 2);
      await desk.looks("report-done");
    });
    assert.equal(await phone.saying([number, "「完了」になりました"]).count(), 1, "nobody hears anything twice");
    await phone.answerTo(() => phone.quickReply("報告の状況").click(), "街路灯", number, "完了", "取り替えました。");
    await isOpenToAll(phone, "done");
  });
});

test("a place outside of the town is refused, and a report that is given up is forgotten", () =>
  withPhone("report-given-up", DESKTOP, async (phone) => {
    await phone.newFriend("報告 次郎");
    await phone.page.setViewportSize(NARROW.viewport);
    await begin(phone);
    await choose(phone, "写真なしで進む", "場所を教えてください");
    await sendPlace(phone, { latitude: "35.01160", longitude: "135.76810" }, "この場所はこはる野市の外のようです");
    await phone.answerTo(() => phone.say("公民館の前"), "場所を読み取れませんでした");
    await isOpenToAll(phone, "outside");
    const { latitude, longitude } = somewhere()();
    await phone.answerTo(() => phone.say(`${latitude}, ${longitude}`), "ほかに伝えたいことがあれば");
    await phone.answerTo(() => phone.say("やめる"), "報告をやめました");
    await phone.answerTo(() => phone.say("報告の状況"), "あなたの報告はまだありません");
    await phone.answerTo(() => phone.say("損傷を報告"), "壊れているものの種別を選んでください");
    assert.equal(await phone.saying(["作成中の報告の続き"]).count(), 0, "what was given up does not go on");
  }));

test("a file that is no photo is a fact on the report, and holds nothing up", () =>
  withPhone("report-no-photo", DESKTOP, async (phone) => {
    await phone.newFriend("報告 三郎");
    await begin(phone);
    const chooser = phone.page.waitForEvent("filechooser");
    await phone.quickReply("写真を選ぶ").click();
    const file = { name: "写真.jpg", mimeType: "image/jpeg", buffer: Buffer.from("これは写真ではありません。") };
    await phone.answerTo(async () => (await chooser).setFiles(file), "写真を1枚受け取りました");
    await choose(phone, "次へ", "場所を教えてください");
    await sendPlace(phone, somewhere()(), "ほかに伝えたいことがあれば");
    const number = await send(phone, await choose(phone, "なし", "この内容で報告します", "1枚"));
    await withDesk("report-no-photo", "administrator", async (desk) => {
      const path = await desk.finds(number);
      await comesToHave(desk, path, desk.main.getByText("写真ではないファイルだったため、受け取れませんでした。"), 1);
      await desk.looks("report-no-photo");
    });
  }));
