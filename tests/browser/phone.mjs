/** @file One phone in one window: what a resident sees and does. */

import { join } from "node:path";

import { CHECKOUT, lend, picturesHost, runningCity, screenshotPath, tabTo } from "./browser.mjs";

export { DESKTOP, NARROW, screenshotPath } from "./browser.mjs";

/** The picture of the README, which is only made anew when asked for. */
export const guidePicture = process.env.SCREENSHOTS === "1" ? join(CHECKOUT, "infra", "guide", "pictures", "phone.png") : screenshotPath("phone");

/** Lends a phone to a test. It may ask the phone's own page, and the town's bucket, where the pictures of broadcasts are. */
export function withPhone(name, device, use) {
  const city = runningCity();
  return lend(name, device, { hosts: [new URL(city.phone).host, picturesHost()] }, async (page) => {
    await page.goto(city.phone);
    await use(new Phone(page, city));
  });
}

/** A resident's phone, with the page around it. */
export class Phone {
  constructor(page, city) {
    this.page = page;
    this.city = city;
    this.screen = page.getByTestId("phone");
    this.composer = page.getByTestId("composer");
    this.menuBar = page.getByTestId("richmenu-toggle");
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

  /** Sends a place by the map, which this opens. */
  async sendPlace(open, { latitude, longitude, address = "" }) {
    await open();
    await this.page.getByTestId("latitude").fill(latitude);
    await this.page.getByTestId("longitude").fill(longitude);
    await this.page.getByTestId("place-address").fill(address);
    await this.page.getByTestId("dialog-ok").click();
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
  tabTo(locator) {
    return tabTo(this.page, locator);
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
