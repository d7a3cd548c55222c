/** @file A report that staff release: what they mark in its photo nobody recognises, and the rest everybody sees, as pages and as files. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { ask, DESKTOP, lend, NARROW, overflow, picturesHost, runningCity, screenshotPath, showTiles, TILES, unique, violations } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { compared, PLATE, scene } from "./pictures.mjs";
import { addPhotos, chooseLight, filed, photo, send, somewhere, typePlace, withResident } from "./resident.mjs";

const WIDTHS = { wide: 1280, reflowed: 320, narrow: 390 };
/** What the reporter wrote, which is for staff alone. */
const OWN_WORDS = "田中さんの家の前です。";
/** Of all pixels that were not marked: a photo that is shrunk and pressed together anew differs by so much. */
const LITTLE = 4;
/** A flat colour, pressed together as JPEG. */
const FLAT = 12;

/** Somebody without an account, at the public pages. */
function withReader(name, use) {
  const expected = (message) => message.text().startsWith("Failed to load resource");
  return lend(`released-${name}`, DESKTOP, { hosts: [new URL(runningCity().portal).host, picturesHost(), TILES], expected }, async (reader) => {
    await showTiles(reader);
    await use(reader);
  });
}

/** A resident reports a light with these photos; the number. */
async function reported(at, photos) {
  let number;
  await withResident("released", NARROW, async (page, open) => {
    const files = await photos(page);
    await open();
    await chooseLight(page);
    await addPhotos(page, files);
    await typePlace(page, at);
    await page.getByLabel("コメント").fill(OWN_WORDS);
    await send(page);
    number = await filed(page);
  });
  return number;
}

const bytesOf = async (address) => Buffer.from(await (await fetch(address)).arrayBuffer());

/** Draws a mark over a part of a photo, in hundredths of it. */
async function draw(page, frame, [left, top, width, height]) {
  await frame.locator("img").evaluate((image) => image.decode());
  await frame.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const box = await frame.boundingBox();
  const [x, y] = [box.x + (box.width * left) / 100, box.y + (box.height * top) / 100];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + (box.width * width) / 100, y + (box.height * height) / 100, { steps: 5 });
  await page.mouse.up();
}

/** The marks that stand in a field. */
const marksIn = async (field) => (await field.inputValue()).split("\n").filter(Boolean).map((line) => line.split(" ").map(Number));

/** Marks the number plate by drawing, and looks at what the keys do with another mark; the address of the photo as staff see it. */
async function markPlate(desk) {
  const [frame, field] = [desk.main.locator(".marking").first(), desk.field("写真1のぼかすところ")];
  // Where something lies on a photo is known when the photo is there, and the script that marks.
  await isLoaded(frame.locator("img"));
  await desk.button("ぼかすところを足す").first().waitFor();
  await draw(desk.page, frame, PLATE);
  const [drawn, ...none] = await marksIn(field);
  assert.ok(none.length === 0 && drawn?.every((part, at) => Math.abs(part - PLATE[at]) < 0.5), `${drawn}`);
  await desk.button("ぼかすところを足す").first().click();
  const { keyboard } = desk.page;
  for (const key of ["ArrowRight", "Shift+ArrowDown"]) await keyboard.press(key);
  assert.deepEqual((await marksIn(field))[1], [40.5, 40, 20, 20.5]);
  await desk.looks("report-marking");
  await desk.page.getByRole("button", { name: "ぼかすところ 2" }).focus();
  await keyboard.press("Delete");
  assert.deepEqual(await marksIn(field), [drawn]);
  // A slip of the finger marks nothing.
  await draw(desk.page, frame, [5, 5, 0.2, 0.2]);
  assert.deepEqual(await marksIn(field), [drawn]);
  return frame.locator("img").getAttribute("src");
}

/** Releases a report under these words, with its first photo; where everybody finds the two copies of it. */
async function release(desk, what) {
  const original = await bytesOf(await markPlate(desk));
  await desk.main.getByRole("group", { name: "写真1" }).getByLabel("この写真を公開する").check();
  await desk.field(/^公開するときの件名/).fill(what);
  await desk.press("公開する内容を確かめる");
  await desk.reads("まだ公開していません", what);
  const image = desk.main.getByRole("img", { name: "写真1（公開される写真）" });
  const seen = Buffer.from((await image.getAttribute("src")).split(",")[1], "base64");
  await desk.looks("report-marked-preview");
  await desk.press("この内容で公開する");
  await desk.reads("公開しました", "公開中", what);
  await desk.looks("report-released-photo");
  await image.scrollIntoViewIfNeeded();
  assert.equal(await isLoaded(image), 960);
  const small = await image.getAttribute("src");
  const copies = [small, small.replace("/preview.jpg", "/original.jpg")];
  for (const copy of copies) assert.ok((await bytesOf(copy)).equals(seen), "what is out is what was looked at");
  const empty = await desk.page.context().newPage();
  const { inside, outside, spread, sizes } = await compared(empty, original, seen, PLATE);
  await empty.close();
  const told = JSON.stringify({ inside, outside, spread, sizes });
  assert.deepEqual(sizes, [[1600, 1200], [960, 720]], told);
  assert.ok(inside.difference > 3 * LITTLE && inside.most > 60 && spread < FLAT, `the plate cannot be read: ${told}`);
  assert.ok(outside.difference < LITTLE && outside.most < 60, `all else is as it was: ${told}`);
  return copies;
}

/** Looks at a public page on each width. */
async function looks(reader, name) {
  for (const [at, width] of Object.entries(WIDTHS)) {
    await reader.setViewportSize({ width, height: 800 });
    assert.deepEqual(await overflow(reader), [], `${name} ${at}`);
    assert.deepEqual(await violations(reader), [], `${name} ${at}`);
    await reader.screenshot({ path: screenshotPath(`released-${name}-${at}`), fullPage: true });
  }
  await reader.setViewportSize(DESKTOP.viewport);
}

const isLoaded = (image) => image.evaluate(async (image) => (await image.decode(), image.naturalWidth));

/** The pages: the list, the report, the map. */
async function seesPages(reader, number, what) {
  const { portal } = runningCity();
  await reader.goto(`${portal}/reports`);
  const article = reader.getByRole("article").filter({ hasText: what });
  await article.getByText("受付", { exact: false }).first().waitFor();
  assert.equal(await isLoaded(article.getByRole("img", { name: "現場の写真" })), 960);
  await looks(reader, "list");
  await article.getByRole("link", { name: what }).click();
  await reader.getByRole("heading", { level: 1, name: what }).waitFor();
  await reader.getByText(number).waitFor();
  assert.equal(await reader.getByRole("img", { name: "現場の写真" }).count(), 1, "the other photo stays inside");
  assert.ok(!(await reader.textContent("body")).includes("田中"), "the reporter's words are for staff");
  await looks(reader, "report");
  const path = new URL(reader.url()).pathname;
  await reader.goto(`${portal}/reports/map?kind=street-light&standing=waiting`);
  const pin = reader.locator(`.leaflet-marker-icon[title="${number}"]`);
  await pin.waitFor({ state: "attached" });
  await pin.dispatchEvent("click");
  await reader.locator(".leaflet-popup").getByRole("link", { name: what }).waitFor();
  await looks(reader, "map");
  // On a phone nothing of it lies under the map's buttons.
  await reader.setViewportSize({ width: WIDTHS.narrow, height: 800 });
  await reader.reload();
  await pin.waitFor({ state: "attached" });
  await pin.dispatchEvent("click");
  await reader.waitForFunction(() => {
    const bottom = Math.max(...[...document.querySelectorAll(".map-buttons button")].map((button) => button.getBoundingClientRect().bottom));
    const opened = document.querySelector(".leaflet-popup-content");
    return opened !== null && bottom <= opened.getBoundingClientRect().top;
  });
  await reader.setViewportSize(DESKTOP.viewport);
  await reader.goto(`${portal}/reports/map?standing=closed`);
  assert.equal(await pin.count(), 0);
  return path;
}

/** The rows of a CSV file, as Python reads it. */
function rowsOf(text) {
  const program = "import csv, io, json, sys; print(json.dumps(list(csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode('utf-8-sig'), newline='')))))";
  return JSON.parse(execFileSync("python3", ["-c", program], { input: text, encoding: "utf8", maxBuffer: 100_000_000 }));
}

/** An entry of a feed, as the browser's reader of XML understands it. */
function entryOf(reader, feed, id) {
  return reader.evaluate(
    ({ feed, id }) => {
      const read = new DOMParser().parseFromString(feed, "application/xml");
      if (read.querySelector("parsererror")) return { broken: read.querySelector("parsererror").textContent };
      const entry = [...read.querySelectorAll("feed > entry")].find((entry) => entry.querySelector("id")?.textContent === `urn:uuid:${id}`);
      const text = (name) => entry?.querySelector(name)?.textContent ?? null;
      const content = new DOMParser().parseFromString(text("content") ?? "", "text/html");
      return { title: text("title"), link: entry?.querySelector("link[rel=alternate]")?.getAttribute("href") ?? null, images: [...content.images].map((image) => image.src) };
    },
    { feed, id },
  );
}

/** What the files say of a report: of each nothing, or what it says. */
async function inFiles(reader, number, id) {
  const { portal } = runningCity();
  const [geojson, csv, atom] = await Promise.all(["geojson", "csv", "atom"].map((kind) => ask(`${portal}/reports.${kind}`)));
  for (const answer of [geojson, csv, atom]) assert.equal(answer.status, 200, answer.text.slice(0, 200));
  assert.match(csv.headers["content-disposition"], /^attachment; filename="reports-\d{4}-\d{2}\.csv"$/);
  const feature = JSON.parse(geojson.text).features.find(({ properties }) => properties.number === number);
  return { feature, row: rowsOf(csv.text).find((row) => row["受付番号"] === number), entry: await entryOf(reader, atom.text, id) };
}

test("what staff mark in a photo nobody recognises, and everybody sees the rest until it is hidden", async () => {
  const [what, at] = [`街路灯が<消えて>います ${unique()}`, somewhere()];
  const number = await reported(at, async (page) => [{ name: "street.jpg", mimeType: "image/jpeg", buffer: await scene(page) }, photo("other.png", 300)]);
  let [small, large, inside] = ["", "", ""];
  await withDesk("released", "administrator", async (desk) => {
    inside = await desk.finds(number);
    await desk.follow("公開する");
    [small, large] = await release(desk, what);
  });
  const id = inside.split("/").at(-1);
  await withReader("waiting", async (reader) => {
    assert.equal(await seesPages(reader, number, what), `/reports/${id}`);
    const { feature, row, entry } = await inFiles(reader, number, id);
    const [latitude, longitude] = at.split(", ").map(Number);
    assert.deepEqual(feature.geometry, { type: "Point", coordinates: [longitude, latitude] });
    assert.deepEqual([feature.properties.what, feature.properties.colour, feature.properties.photos], [what, "waiting", [large]]);
    assert.deepEqual([row["内容"], row["種別"], Number(row["緯度"]), Number(row["経度"])], [what, "街路灯", latitude, longitude]);
    assert.ok(entry.title.includes(what) && entry.link.endsWith(`/reports/${id}`), JSON.stringify(entry));
    assert.deepEqual(entry.images, [small]);
  });
  await withDesk("released-done", "administrator", async (desk) => {
    await desk.open(inside);
    await desk.press("「対応中」にする");
    await desk.reads("保存しました");
    await withReader("working", async (reader) => {
      await reader.goto(`${runningCity().portal}/reports?standing=working`);
      await reader.getByRole("article").filter({ hasText: what }).locator(".stands-working").waitFor();
      assert.equal((await inFiles(reader, number, id)).feature.properties.colour, "working");
    });
    await desk.follow("公開の内容を変える・公開をやめる");
    await desk.press("公開をやめる");
    await desk.reads("公開をやめました");
  });
  await withReader("hidden", async (reader) => {
    assert.equal((await reader.goto(`${runningCity().portal}/reports/${id}`)).status(), 404);
    const { feature, row, entry } = await inFiles(reader, number, id);
    assert.deepEqual([feature, row, entry.title], [undefined, undefined, null]);
    for (const copy of [small, large]) assert.ok([403, 404].includes((await fetch(copy)).status), "the copies are erased");
  });
});
