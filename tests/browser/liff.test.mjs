/** @file From the chat to the pages of reports and back: links that open them as the one who taps, and the place that stands in a photo. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { CHECKOUT, DESKTOP, lend, picturesHost, runningCity, screenshotPath, unique, violations } from "./browser.mjs";
import { Phone } from "./phone.mjs";
import { HEIC, NUMBER, simulator, somewhere } from "./resident.mjs";

/** So often at most it is looked whether the photo is kept, which takes some seconds. */
const LOOKS = 60;

/** Lends a phone on which the pages of reports can be opened, too. */
function withPhoneAndPages(name, use) {
  const city = runningCity();
  const hosts = [city.phone, city.portal, city.aws].map((address) => new URL(address).host);
  // What other tests send to all comes to this phone, too.
  return lend(`liff-${name}`, DESKTOP, { hosts: [...hosts, picturesHost()] }, async (page) => {
    await page.goto(city.phone);
    const phone = new Phone(page, city);
    await phone.newFriend(`リンク ${unique()}`);
    await use(phone, new URL(page.url()).searchParams.get("resident"), city);
  });
}

/** Taps what is offered below, agrees to open it, and gives the page that opens. */
async function opened(phone, tap) {
  const comes = phone.page.context().waitForEvent("page");
  await tap();
  await phone.page.getByTestId("dialog-ok").click();
  return comes;
}

/** Degrees as a file of a photo has them: three fractions. */
function fractions(degrees) {
  const bytes = Buffer.alloc(24);
  [Math.floor(degrees), 1, Math.floor((degrees % 1) * 60), 1, Math.round(((degrees * 60) % 1) * 600_000), 10_000].forEach((number, place) => {
    bytes.writeUInt32BE(number, 4 * place);
  });
  return bytes;
}

/** An entry of a directory of EXIF: tag, type, count, and the value or where it is. */
function entry(tag, type, count, value) {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(tag, 0);
  bytes.writeUInt16BE(type, 2);
  bytes.writeUInt32BE(count, 4);
  if (typeof value === "string") bytes.write(value, 8);
  else bytes.writeUInt32BE(value, 8);
  return bytes;
}

/** A photo that says where it was taken. */
function photoAt(latitude, longitude) {
  const picture = readFileSync(join(CHECKOUT, "infra", "simulator", "assets", "picture.jpg"));
  const directory = (entries) => Buffer.concat([Buffer.from([0, entries.length]), ...entries, Buffer.alloc(4)]);
  const gps = directory([entry(1, 2, 2, "N"), entry(2, 5, 3, 80), entry(3, 2, 2, "E"), entry(4, 5, 3, 104)]);
  const head = Buffer.concat([Buffer.from("MM\0*\0\0\0\b", "latin1"), directory([entry(0x8825, 4, 1, 26)])]);
  const exif = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), head, gps, fractions(latitude), fractions(longitude)]);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([picture.subarray(0, 2), marker, exif, picture.subarray(2)]).toString("base64");
}

/** Sends a file as a photo. */
const sendPhoto = (resident, data) => simulator(`residents/${resident}/events`, { type: "image", data, contentType: "image/jpeg" });

test("a link in the chat opens the page of reports as the one who taps", async () => {
  await withPhoneAndPages("menu", async (phone) => {
    await phone.answerTo(() => phone.say("損傷を報告"), "損傷の報告", "その他");
    const page = await opened(phone, () => phone.quickReply("地図のページで報告する").click());
    await page.getByRole("heading", { level: 1, name: "損傷を報告する" }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/report");
    assert.doesNotMatch(page.url(), /liff-ticket|U[0-9a-f]{32}/, "nothing in the address says who it is");
  });
});

test("a page loaded again in LINE has the token that it had, as with LINE's own SDK", async () => {
  await withPhoneAndPages("token", async (phone, resident, city) => {
    await phone.answerTo(() => phone.say("損傷を報告"), "損傷の報告", "その他");
    const page = await opened(phone, () => phone.quickReply("地図のページで報告する").click());
    await page.getByRole("heading", { level: 1, name: "損傷を報告する" }).waitFor();
    const token = () =>
      page.evaluate(async (sdk) => {
        const { default: liff } = await import(sdk);
        await liff.ready;
        return liff.getIDToken();
      }, `${city.simulator}/liff/sdk.js`);
    const first = await token();
    assert.match(first, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    await page.reload();
    assert.equal(await token(), first, "a newer one is ignored");
  });
});

test("the place in a photo is offered, taken by a tap, and the report leads to its own page", async () => {
  await withPhoneAndPages("photo", async (phone, resident) => {
    const choose = (label, ...words) => phone.answerTo(() => phone.quickReply(label).click(), ...words);
    const kinds = await phone.answerTo(() => phone.say("損傷を報告"), "損傷の報告", "その他");
    await phone.answerTo(() => phone.press(kinds, "その他"), "写真を送ってください");
    const sent = () => sendPhoto(resident, photoAt(35.66123, 139.48234));
    await phone.answerTo(sent, "写真を1枚受け取りました");
    await choose("次へ", "場所を教えてください");
    const offered = phone.quickReply("写真の場所を使う");
    for (let look = 0; look < LOOKS && !(await offered.isVisible()); look += 1) {
      await phone.answerTo(() => phone.say("まだかな"), "場所を読み取れませんでした");
    }
    await phone.hears("写真に場所が記録されていました");
    await choose("写真の場所を使う", "ほかに伝えたいこと");
    const summary = await choose("なし", "この内容で報告します", "35.66123,139.48234");
    const filed = await phone.answerTo(() => phone.press(summary, "この内容で送信する"), "報告を受け付けました", "受付番号");
    const [number] = (await filed.textContent()).match(NUMBER) ?? assert.fail("a report has a number");
    const mine = await choose("報告の状況", "その他", number);
    const page = await opened(phone, () => phone.press(mine, "くわしく見る"));
    await page.getByText(number).first().waitFor();
    assert.match(new URL(page.url()).pathname, /^\/report\/mine\/[0-9a-f-]{36}$/);
  });
});

test("who sent a HEIC file by chat reads on the report's page what helps", async () => {
  await withPhoneAndPages("heic", async (phone, resident) => {
    const choose = (label, ...words) => phone.answerTo(() => phone.quickReply(label).click(), ...words);
    const kinds = await phone.answerTo(() => phone.say("損傷を報告"), "損傷の報告", "その他");
    await phone.answerTo(() => phone.press(kinds, "その他"), "写真を送ってください");
    // As a file it is none of the report's photos; as a photo, which a phone makes of it otherwise, it is looked at.
    const file = { type: "file", data: HEIC.toString("base64"), fileName: "IMG_0001.HEIC" };
    await phone.answerTo(() => simulator(`residents/${resident}/events`, file), "写真として送ってください");
    await phone.answerTo(() => sendPhoto(resident, HEIC.toString("base64")), "写真を1枚受け取りました");
    await choose("次へ", "場所を教えてください");
    await phone.answerTo(() => phone.say(somewhere()), "ほかに伝えたいことがあれば");
    const summary = await choose("なし", "この内容で報告します");
    await phone.answerTo(() => phone.press(summary, "この内容で送信する"), "報告を受け付けました", "受付番号");
    const page = await opened(phone, async () => phone.press(await choose("報告の状況", "その他"), "くわしく見る"));
    const helpful = page.getByText("HEIC形式の写真は受け取れません。").filter({ hasText: "「互換性優先」" });
    const photos = page.getByRole("heading", { name: "写真" });
    // Not before it knows who this is: a page that is loaded again while it asks LINE asks no second time within a minute.
    await photos.waitFor();
    // It is looked at some seconds later.
    for (let look = 0; look < LOOKS && !(await helpful.isVisible()); look += 1) {
      await page.reload();
      await photos.waitFor();
    }
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: screenshotPath("liff-heic"), fullPage: true });
    assert.ok(await helpful.isVisible());
  });
});
