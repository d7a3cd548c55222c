/**
 * @file One phone in one browser: what a person sees and does, and the troubles that must not happen meanwhile.
 *
 * Waits are for things to be seen, never for a time. Whatever a test does, the page must not ask another host for
 * anything, and must have no error in its console.
 */

import assert from "node:assert/strict";
import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before } from "node:test";

import { chromium } from "playwright-core";

const CHECKOUT = join(import.meta.dirname, "..", "..");
const SCREENSHOTS = join(CHECKOUT, "target", "screenshots");
const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];
const FLAGS = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
/** How long the city may take for an answer; a cold function on a busy machine is slow. */
const PATIENCE_MS = 30_000;
/** No page has more places to stop at. */
const MOST_TABS = 400;

export const DESKTOP = { viewport: { width: 1280, height: 860 } };
export const NARROW = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Where a picture of the page is kept. */
export function screenshotPath(name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  return join(SCREENSHOTS, `${name}.png`);
}

/** The picture of the README, which is only made anew when asked for. */
export const guidePicture = process.env.SCREENSHOTS === "1" ? join(CHECKOUT, "infra", "guide", "phone.png") : screenshotPath("phone");

function runningCity() {
  try {
    return JSON.parse(readFileSync(join(CHECKOUT, "target", "city.json"), "utf8"));
  } catch {
    throw new Error("no city runs here; start it: infra/local/city start");
  }
}

function installedBrowser() {
  for (const name of BROWSERS) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here; the next one.
      }
    }
  }
  throw new Error(`none of ${BROWSERS.join(", ")} is installed`);
}

/** Starts a browser for the tests of a file; gives a function that lends a phone to a test. */
export function browser() {
  let running;
  before(async () => {
    running = await chromium.launch({ executablePath: installedBrowser(), chromiumSandbox: false, args: FLAGS });
  });
  after(() => running?.close());
  return (name, device, use) => lend(running, name, device, use);
}

async function lend(running, name, device, use) {
  const context = await running.newContext({ ...device, locale: "ja-JP", timezoneId: "Asia/Tokyo", reducedMotion: "reduce" });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const phone = new Phone(page, runningCity());
  try {
    await page.goto(phone.city.phone);
    await use(phone);
    assert.deepEqual(phone.troubles, []);
  } catch (failure) {
    await page.screenshot({ path: screenshotPath(`${name}-failed`) }).catch(() => {});
    throw failure;
  } finally {
    await context.close();
  }
}

/** A resident's phone, with the page around it. */
export class Phone {
  /** What went wrong in the page, none of which a person would see. */
  troubles = [];

  constructor(page, city) {
    this.page = page;
    this.city = city;
    this.screen = page.getByTestId("phone");
    this.composer = page.getByTestId("composer");
    this.menuBar = page.getByTestId("richmenu-toggle");
    const host = new URL(city.phone).host;
    page.on("console", (message) => {
      if (message.type() === "error") this.troubles.push(`console: ${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.troubles.push(`error: ${error}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (/^(http|ws)s?:$/.test(url.protocol) && url.host !== host) this.troubles.push(`asked another host: ${url.href}`);
    });
  }

  /** Makes a resident who does not follow yet, and shows their phone. */
  async createResident(name) {
    await this.page.getByTestId("resident-new").click();
    await this.page.getByTestId("resident-name").fill(name);
    await this.page.getByTestId("resident-create").click();
    await this.page.getByTestId("current").getByText(name).waitFor();
  }

  /** Adds the account as a friend, and waits for its greeting. */
  async follow() {
    await this.page.getByTestId("follow").click();
    return this.hears("はじめに、設定をしましょう");
  }

  /** A new resident who follows. */
  async newFriend(name) {
    await this.createResident(name);
    return this.follow();
  }

  /** All that the account, or the resident, has said. */
  messages(from = "account") {
    return this.page.locator(`[data-testid=message][data-from=${from}]`);
  }

  /** The messages of the account with all these words. */
  saying(words) {
    return words.reduce((found, word) => found.filter({ hasText: word }), this.messages());
  }

  /** The newest message of the account with all these words, once it is there. */
  async hears(...words) {
    const found = this.saying(words).last();
    await found.waitFor();
    return found;
  }

  /** Does something that the account answers by one more message with these words, and gives that message. */
  async answerTo(deed, ...words) {
    const found = this.saying(words);
    const before = await found.count();
    await deed();
    await found.nth(before).waitFor();
    return found.nth(before);
  }

  /** Types and sends. */
  async say(text) {
    await this.composer.fill(text);
    await this.page.getByTestId("send").click();
  }

  /** Presses a button on a card. */
  async press(message, label) {
    await message.getByRole("button", { name: label, exact: true }).click();
  }

  quickReply(label) {
    return this.page.getByTestId("quick-reply").filter({ hasText: label }).first();
  }

  menuArea(label) {
    return this.page.getByTestId("richmenu-area").and(this.page.getByLabel(label, { exact: true }));
  }

  /** Opens the menu if it is closed. */
  async openMenu() {
    await this.menuBar.waitFor();
    if ((await this.menuBar.getAttribute("aria-expanded")) !== "true") await this.menuBar.click();
    await this.page.locator("[data-testid=richmenu-toggle][aria-expanded=true]").waitFor();
  }

  async tapMenu(label) {
    await this.openMenu();
    await this.menuArea(label).click();
  }

  async closeMenu() {
    if ((await this.menuBar.getAttribute("aria-expanded")) === "true") await this.menuBar.click();
  }

  /** Moves the focus by the Tab key until it is on this. */
  async tabTo(locator) {
    for (let step = 0; step < MOST_TABS; step += 1) {
      if (await locator.evaluate((node) => node === document.activeElement)) return;
      await this.page.keyboard.press("Tab");
    }
    assert.fail(`the Tab key never came to ${locator}`);
  }
}

/** The next day of collection that falls on this day of every month until 8:30, as the account writes it. */
export function nextMonthly(dayOfMonth) {
  // 15 h 29 min before midnight: from 8:31 on, the day that counts is tomorrow.
  const now = new Date(Date.now() + (15 * 60 + 29) * 60_000);
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" }).format(now);
  const [year, month, day] = today.split("-").map(Number);
  const date = new Date(Date.UTC(year, day <= dayOfMonth ? month - 1 : month, dayOfMonth));
  const weekday = "日月火水木金土"[date.getUTCDay()];
  return `${date.getUTCMonth() + 1}月${dayOfMonth}日(${weekday})`;
}
