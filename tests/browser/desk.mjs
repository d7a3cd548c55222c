/** @file One desk: a member of staff at the console, in a window of their own. */

import assert from "node:assert/strict";

import { DESKTOP, lend, overflow, runningCity, screenshotPath, showTiles, tabTo, TILES, unique, violations } from "./browser.mjs";
import { call } from "./cloud.mjs";

/** The sample staff, by what they are. */
export const STAFF = { administrator: "hanako", approver: "taro", editor: "midori", reader: "ken" };
/** The widths at which a page must hold: a desk, where the navigation just has room, 200 and 400 % zoom of the desk, a phone. */
const WIDTHS = { wide: 1280, tablet: 768, zoomed: 640, reflowed: 320, narrow: 360 };
/** At these it is looked at more closely. */
const CLOSELY = ["wide", "narrow"];
const SESSION = "__Host-kairan";
/** Each press counts on for some seconds. */
const MOST_PRESSES = 20;
const MOST_LOOKS = 60;
/** The sessions of the sample staff, by what they are: who comes again on the same day does not sign in anew. */
const sessions = new Map();

/** One of the sample staff, to sign in. */
export function sample(role) {
  const { people } = runningCity();
  const email = `${STAFF[role]}@koharuno.example`;
  return people.find((person) => person.email === email) ?? assert.fail(`the city has no ${email}`);
}

/** Lends the desk of one of the sample staff, signed in; or of an account, or of nobody, who is not. */
export function withDesk(name, who, use, device = DESKTOP) {
  const city = runningCity();
  const { host } = new URL(city.console);
  const issuer = `localhost:${new URL(city.aws).port}`;
  // Where staff are sent for the photos of reports.
  const photos = new URL(city.aws).host;
  const expected = (message) => {
    const from = URL.parse(message.location().url)?.host;
    // The issuer's own page is not ours to judge; and whether a page was refused is looked at by looks().
    return from === issuer || (from === host && message.text().startsWith("Failed to load resource"));
  };
  return lend(`console-${name}`, device, { hosts: [host, issuer, photos, TILES], expected }, async (page, troubles) => {
    await showTiles(page);
    const desk = new Desk(page, city, typeof who === "string" ? sample(who) : who);
    if (typeof who !== "string") await use(desk);
    else await atWork(desk, who, use);
    troubles.push(...desk.refusals);
  });
}

/** Comes in as one of the sample staff, with the session of the last time if it still holds; the next time goes on with the session of this one. */
async function atWork(desk, role, use) {
  const context = desk.page.context();
  if (sessions.has(role)) await context.addCookies([sessions.get(role)]);
  await desk.signIn();
  await use(desk);
  const session = await desk.session();
  if (session) sessions.set(role, session);
  else sessions.delete(role);
}

/** Gives somebody an account at the issuer; whether they are invited is another thing. */
export async function newAccount(name) {
  const email = `${unique()}@koharuno.example`;
  const attributes = { email, email_verified: "true", name };
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  await call("cognito-idp", "AdminCreateUser", { ...(await userOf(email)), UserAttributes, MessageAction: "SUPPRESS" });
  return chosenPassword({ email, name });
}

/** The account of somebody as it is once they have followed the mail: with a password of their own. Fails where there is none. */
export async function chosenPassword({ email, name }) {
  const [{ password }] = runningCity().people;
  await call("cognito-idp", "AdminSetUserPassword", { ...(await userOf(email)), Password: password, Permanent: true });
  return { email, name, password };
}

async function userOf(email) {
  const { UserPools: pools } = await call("cognito-idp", "ListUserPools", { MaxResults: 10 });
  return { UserPoolId: pools[0].Id, Username: email };
}

/** Gives somebody an account, and has an administrator invite them: with a role at the department of the environment, or as administrator. */
export async function newColleague(name, role) {
  const account = await newAccount(name);
  await withDesk("invitation", "administrator", (desk) => desk.invite(account, role));
  return account;
}

/** A member of staff at the console. */
export class Desk {
  /** Pages that were refused, and were not looked at with that in mind. */
  refusals = [];

  constructor(page, city, account) {
    this.page = page;
    this.city = city;
    this.account = account;
    this.main = page.getByRole("main");
    page.on("response", (response) => {
      const request = response.request();
      if (!response.url().startsWith(city.console) || response.status() < 400) return;
      const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame();
      const refusal = `${request.method()} ${response.url()}: ${response.status()}`;
      this.refusals.push(refusal);
      if (isPage) this.lastRefusal = { refusal, status: response.status() };
    });
    page.on("request", (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) this.lastRefusal = undefined;
    });
  }

  /** Opens a page of the console by its address. */
  async open(path) {
    await this.page.goto(new URL(path, this.city.console).href);
  }

  /** Opens a page, and signs in on the way if need be. */
  async signIn(path = "/") {
    await this.open(path);
    if (new URL(this.page.url()).origin !== this.city.console) await this.identify();
    await this.page.waitForURL((url) => url.origin === this.city.console && !url.pathname.startsWith("/sign-in"));
  }

  /** Says at the issuer who one is. */
  async identify(page = this.page) {
    await page.locator("input[name=username]").fill(this.account.email);
    await page.locator("input[name=password]").fill(this.account.password);
    await page.locator("button[type=submit]").click();
  }

  /** Signs in again in another window, while this one keeps what it shows. */
  async signInElsewhere() {
    const other = await this.page.context().newPage();
    await other.goto(this.city.console);
    await this.identify(other);
    await other.getByRole("heading", { level: 1, name: "ホーム" }).waitFor();
    await other.close();
  }

  /** Waits until the issuer asks who one is. */
  async isAskedWhoTheyAre() {
    await this.page.locator("input[name=username]").waitFor();
  }

  /** The session's cookie. */
  async session() {
    const cookies = await this.page.context().cookies(this.city.console);
    return cookies.find(({ name }) => name === SESSION);
  }

  /** What happens to a session after half an hour without a click: the browser has none that holds. */
  async loseSession() {
    await this.page.context().clearCookies({ name: SESSION });
  }

  /** Waits for the page with this heading. */
  async isAt(heading) {
    await this.page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
    // Where requests are looked at, nothing is cached: before its style and script have come, a page is another one.
    await this.page.waitForLoadState("load");
  }

  /** Waits for words in the page's content. */
  async reads(...words) {
    for (const word of words) await this.main.getByText(word).filter({ visible: true }).first().waitFor();
  }

  field(label) {
    return this.main.getByLabel(label);
  }

  button(name) {
    return this.main.getByRole("button", { name, exact: true });
  }

  /** Presses a button in the page's content. */
  async press(name) {
    await this.button(name).click();
  }

  /** Follows a link in the page's content. */
  async follow(name) {
    await this.main.getByRole("link", { name, exact: true }).first().click();
  }

  /** Goes to a part of the console by the navigation. */
  async goTo(section) {
    const navigation = this.page.getByRole("navigation", { name: "メインメニュー" });
    await navigation.getByRole("link", { name: section, exact: true }).click();
    await this.isAt(section);
  }

  /** Presses a button, and again for as long as people are counted, until the page says this. */
  async pressUntil(button, words) {
    for (let presses = 0; presses < MOST_PRESSES; presses += 1) {
      await Promise.all([this.page.waitForEvent("load"), this.press(button)]);
      if (await this.main.getByText(words).first().isVisible()) return;
    }
    assert.fail(`it never said ${words}`);
  }

  /** Writes the text of the page's broadcast or rule: of its first message. */
  async writesText(text) {
    await this.main.getByRole("textbox", { name: "本文" }).first().fill(text);
  }

  /** Begins a broadcast: its title, seen by staff alone, and its text. */
  async begins(title, text) {
    await this.open("/broadcasts/new");
    await this.field(/^件名/).fill(title);
    await this.writesText(text);
  }

  /** Keeps the page's broadcast or rule as a draft; its path. */
  async keepsDraft() {
    await this.press("下書きを保存する");
    await this.reads("保存しました");
    // Whoever presses the next button would take this page's late "load" for that of the next one.
    await this.page.waitForLoadState("load");
    return new URL(this.page.url()).pathname;
  }

  /** Approves the broadcast or rule of this path. */
  async approves(path, button = "承認する") {
    await this.open(path);
    await this.press(button);
    await this.reads("承認しました");
  }

  /** Opens the page of a broadcast or rule again and again, until it says this. */
  async comesTo(path, words) {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      // The page loads itself again, too; of two loads the first is broken off.
      await this.open(path).catch((failure) => assert.match(failure.message, /ERR_ABORTED/));
      if ((await this.main.getByText(words, { exact: true }).count()) > 0) return;
      await this.page.waitForTimeout(1_000);
    }
    assert.fail(`${path} never said ${words}`);
  }

  /** Asks for approval of the page's broadcast or rule. */
  async asksForApproval() {
    await this.pressUntil("承認を依頼する", "承認を依頼しました");
  }

  /** Invites somebody, and stays on their page. */
  async invite({ name, email }, role) {
    await this.open("/people/invite");
    await this.field("氏名").fill(name);
    await this.field("メールアドレス").fill(email);
    if (role === "管理者") await this.field("管理者にする").check();
    else await this.field("環境課").selectOption(role);
    await this.press("招待する");
    await this.reads("招待しました", "本人に伝えること", email);
  }

  /** Goes to the page of a damage report by its number; its path. */
  async finds(number) {
    await this.goTo("損傷の報告");
    const search = this.main.getByRole("searchbox", { name: "受付番号でさがす" });
    await search.fill(number);
    await search.press("Enter");
    await this.page.getByRole("heading", { level: 1, name: number }).waitFor();
    await this.page.waitForLoadState("load");
    return new URL(this.page.url()).pathname;
  }

  tabTo(locator) {
    return tabTo(this.page, locator);
  }

  /** The page that is shown came with this status; a test must say so of every page that is not 200. */
  wasAnswered(status, what = "") {
    assert.equal(this.lastRefusal?.status ?? 200, status, `${what} ${this.page.url()}`);
    if (this.lastRefusal) this.refusals.splice(this.refusals.lastIndexOf(this.lastRefusal.refusal), 1);
    this.lastRefusal = undefined;
  }

  /** Looks at the page: whether it came as it should, whom it keeps out, and what sticks out of it; and keeps pictures. */
  async looks(name, status = 200) {
    const { page } = this;
    this.wasAnswered(status, name);
    await page.waitForLoadState("load");
    const before = page.viewportSize();
    const wrong = [];
    for (const [at, width] of Object.entries(WIDTHS)) {
      await page.setViewportSize({ width, height: 800 });
      wrong.push(...(await overflow(page)).map((text) => `${at}: ${text}`));
      if (!CLOSELY.includes(at)) continue;
      wrong.push(...(await violations(page)).map(({ text }) => `${at}: ${text}`));
      await page.screenshot({ path: screenshotPath(`console-${name}-${at}`), fullPage: true });
    }
    await page.setViewportSize(before);
    if ((await page.locator("h1").count()) !== 1) wrong.push("a page has one heading");
    assert.deepEqual(wrong, [], name);
  }
}
