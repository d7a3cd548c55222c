/**
 * @file What the tests of phone and console share: the city, one browser for the tests of a lane, windows that are
 * watched, and what keeps people out of a page.
 *
 * Waits are for things to be seen, never for a time. Whatever a test does, no page may ask a host that is not its own
 * for anything, nor have an error in its console.
 */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after } from "node:test";

import { chromium } from "playwright-core";

import { installedBrowser } from "./installed.mjs";

export const CHECKOUT = join(import.meta.dirname, "..", "..");
const SCREENSHOTS = join(CHECKOUT, "target", "screenshots");
/** The pages behind the address bar, which no test sees, and which cost half of what opening a window costs. */
const UNSEEN = ["WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup"];
/** What Playwright (1.65) switches off: of two lists of features Chromium reads the last one alone. */
const OFF = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];
const FLAGS = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${[...OFF, ...UNSEEN].join(",")}`,
];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** How long the city may take for an answer; a cold function on a busy machine is slow. */
export const PATIENCE_MS = 30_000;
/** No page has more places to stop at. */
const MOST_TABS = 400;

export const DESKTOP = { viewport: { width: 1280, height: 860 } };
export const NARROW = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Where a picture of a page is kept. */
export function screenshotPath(name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  return join(SCREENSHOTS, `${name}.png`);
}

/** The addresses of the city that runs. */
export function runningCity() {
  try {
    return JSON.parse(readFileSync(join(CHECKOUT, "target", `${process.env.KAIRAN_CITY || "city"}.json`), "utf8"));
  } catch {
    throw new Error("no city runs here; start it: infra/local/city start");
  }
}

/** The host of the town's bucket, from which phones and the public page load the pictures of broadcasts. */
export const picturesHost = () => `localhost:${new URL(runningCity().aws).port}`;

/** Asks the city for something as another program does, which is no browser: whatever the host is called, it runs on this machine. */
export function ask(address, { method = "GET", headers = {}, body = "" } = {}) {
  const lookup = (_, options, found) => (options.all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4));
  return new Promise((resolve, reject) => {
    const asking = request(address, { method, headers, lookup, timeout: PATIENCE_MS }, async (answer) => {
      const parts = await answer.toArray().catch(reject);
      resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts ?? []).toString() });
    });
    asking.on("timeout", () => asking.destroy(new Error(`${address} never answered`)));
    asking.on("error", reject).end(body);
  });
}

/** Where the tiles of maps come from; in the tests each is the same dot. */
export const TILES = "cyberjapandata.gsi.go.jp";
const DOT = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");

/** Lets a page have its maps. */
export const showTiles = (page) => page.route(`https://${TILES}/**`, (route) => route.fulfill({ contentType: "image/png", body: DOT }));

let made = 0;

/** A number in letters alone, so many at least. */
function inLetters(number, least) {
  const digits = number.toString(20).padStart(least, "0");
  return digits.replace(/./g, (digit) => "abcdefghijklmnopqrst"[Number.parseInt(digit, 20)]);
}

/**
 * A word that no other test has used, in this city or any other, nor uses at this moment in the process beside this one. It is short, and
 * has no digits: of a long question, or one with four digits in a row, which may be somebody's number, the city keeps none.
 */
export function unique() {
  made += 1;
  return inLetters(Date.now(), 10) + inLetters(process.pid % 400, 2) + inLetters(made, 1);
}

let running;

function launched() {
  running ??= chromium.launch({ executablePath: installedBrowser(), chromiumSandbox: false, args: FLAGS });
  return running;
}

after(async () => (await running)?.close());

/**
 * Lends a window of its own to a test, which `use` is: it gets the page, and the list of what went wrong in it that
 * nobody would see, which must be empty in the end. `hosts` are those that may be asked; `expected` says of a message
 * in the console that it belongs there.
 */
export async function lend(name, device, { hosts, expected = () => false }, use) {
  const browser = await launched();
  const context = await browser.newContext({ ...device, locale: "ja-JP", timezoneId: "Asia/Tokyo", reducedMotion: "reduce" });
  context.setDefaultTimeout(PATIENCE_MS);
  const troubles = [];
  context.on("console", (message) => {
    if (message.type() === "error" && !expected(message)) troubles.push(`console: ${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => troubles.push(`error: ${error.error()}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(http|ws)s?:$/.test(url.protocol) && !hosts.includes(url.host)) troubles.push(`asked another host: ${url.href}`);
  });
  const page = await context.newPage();
  try {
    await use(page, troubles);
    assert.deepEqual(troubles, []);
  } catch (failure) {
    await page.screenshot({ path: screenshotPath(`${name}-failed`) }).catch(() => {});
    if (troubles.length > 0) failure.message += `\nin the window: ${troubles.join("\n")}`;
    throw failure;
  } finally {
    await context.close();
  }
}

/** Moves the focus by the Tab key until it is on this. */
export async function tabTo(page, locator) {
  for (let step = 0; step < MOST_TABS; step += 1) {
    if (await locator.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the Tab key never came to ${locator}`);
}

/**
 * What axe finds: all of its rules, and the size of targets, which it leaves out by itself. Marks on a map may lie on one another: they
 * stand where the places are, and the list beside the map leads to the same (WCAG 2.5.8, "Equivalent"). So with marks on a photo, which
 * are as large as what they cover: the field below does the same.
 */
export async function violations(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
    return violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ html }) => html.slice(0, 120)) }));
  });
  const counts = (id) => (html) => id !== "target-size" || !/leaflet-marker-icon|marked-area/.test(html);
  return found
    .map(({ id, impact, where }) => ({ id, impact, where: where.filter(counts(id)) }))
    .filter(({ where }) => where.length > 0)
    .map(({ id, impact, where }) => ({ impact, text: `${id}: ${where.join(" | ")}` }));
}

/** What sticks out of the window. */
export function overflow(page, root = "body") {
  return page.evaluate((root) => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const scrolls = (node) => node && (/(auto|scroll|hidden)/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
    const outside = [...document.querySelectorAll(`${root} *`)].filter((node) => {
      const { right, width } = node.getBoundingClientRect();
      return width > 0 && right > innerWidth + 1 && !scrolls(node.parentElement);
    });
    return [...(wide > 0 ? [`the page is ${wide} px too wide`] : []), ...outside.map((node) => node.outerHTML.slice(0, 120))];
  }, root);
}
