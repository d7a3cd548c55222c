/** @file One resident on the pages of damage reports: how they come there, what they fill in, and the photos that they have. */

import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";

import { lend, overflow, runningCity, screenshotPath, showTiles, TILES, unique, violations } from "./browser.mjs";

/** The number of a report. */
export const NUMBER = /\d{6}-[0-9A-HJKMNP-TV-Z]{6}/;
/** Where LINE opens a page as the one who taps. */
export const LINE = "liff.line.me";

/** A chunk of a PNG file. */
function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

/** A photo that cannot be pressed together: every pixel is chance, three bytes each. */
function noise(side) {
  const rows = Buffer.alloc(side * (3 * side + 1));
  randomFillSync(rows);
  for (let row = 0; row < side; row += 1) rows[row * (3 * side + 1)] = 0;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2], 8);
  const parts = [chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 1 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...parts]);
}

/** A file of so many pixels to a side. */
export const photo = (name, side) => ({ name, mimeType: "image/png", buffer: noise(side) });

/** How a file of a phone that writes HEIC begins; what comes after it nobody reads. */
export const HEIC = Buffer.concat([Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat", "latin1"), Buffer.alloc(1_000, 1)]);

/** Asks LINE's stand-in for something. */
export async function simulator(path, body) {
  const answer = await fetch(`${runningCity().simulator}/simulator/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

/** Lends the portal to a new resident, who opened it inside LINE; `open` opens a page of theirs, `user` is who they are. */
export async function withResident(name, device, use, more = []) {
  const { portal, simulator: line, aws, liff } = runningCity();
  const { residents } = await simulator("residents", { count: 1, seed: unique(), webhooks: false });
  const hosts = [portal, line, aws].map((address) => new URL(address).host);
  // Who is offline, whose session has ended and who comes too late is told so by the browser, too.
  const expected = (message) => message.text().startsWith("Failed to load resource");
  await lend(`portal-${name}`, device, { hosts: [...hosts, TILES, ...more], expected }, async (page) => {
    await showTiles(page);
    const user = residents[0].userId;
    const address = async (path) => (await simulator(`residents/${user}/liff`, { url: `https://${LINE}/${liff}${path}` })).url;
    const open = async (path = "", where = page) => {
      // Else only what stands behind the hash would change, and the page stay.
      await where.goto("about:blank");
      await where.goto(await address(path));
    };
    await use(page, open, address, user);
  });
}

/** What keeps people out of the page. */
export async function isOpenToAll(page, name) {
  assert.deepEqual(await violations(page), [], name);
  assert.deepEqual(await overflow(page), [], name);
  await page.screenshot({ path: screenshotPath(`portal-report-${name}`), fullPage: true });
}

/** Chooses what is broken, and answers what is asked about it. */
export async function chooseLight(page) {
  await page.getByRole("radio", { name: /^街路灯/ }).check();
  await page.getByRole("link", { name: /に電話する$/ }).waitFor();
  await page.getByRole("radio", { name: "消えている", exact: true }).check();
}

/** Types where it is. */
export async function typePlace(page, text) {
  const field = page.getByRole("textbox", { name: /35\.12345, 139\.12345/ });
  if (!(await field.isVisible())) await page.getByText("緯度・経度で入力する").click();
  await field.fill(text);
  await field.blur();
}

/** Coordinates in the town, where nobody else reports anything. */
export function somewhere() {
  const between = (from, to) => (from + Math.random() * (to - from)).toFixed(5);
  return [between(35.64, 35.68), between(139.45, 139.53)].join(", ");
}

export const send = (page) => page.getByRole("button", { name: "この内容で送信する" }).click();

/** Chooses photos, and waits until all of them are kept. */
export async function addPhotos(page, files) {
  await page.getByLabel(/^写真（/).setInputFiles(files);
  await page.getByText("届きました", { exact: true }).nth(files.length - 1).waitFor({ timeout: 120_000 });
}

/** Waits until the report is filed; its number. */
export async function filed(page) {
  await page.getByRole("heading", { level: 1, name: "報告を受け付けました" }).waitFor({ timeout: 120_000 });
  const [number] = (await page.getByRole("main").textContent()).match(NUMBER) ?? assert.fail("a report has a number");
  return number;
}
