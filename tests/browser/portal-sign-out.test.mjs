/** @file Reports outside of LINE, in a browser that others use, too: one signs in by LINE's page, and nothing is left after signing out. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DESKTOP, runningCity, unique } from "./browser.mjs";
import { chooseLight, isOpenToAll, simulator, withResident } from "./resident.mjs";

const SESSION = "__Host-kairan-resident";

/** Signs in at LINE's page, which lists only some residents: this one is put there if need be. */
async function signInAs(page, user) {
  await page.waitForURL("**/liff/login?**");
  await page.locator("form").evaluate((form, user) => {
    const button = Object.assign(document.createElement("button"), { name: "userId", value: user, textContent: "この人" });
    form.append(button);
  }, user);
  await page.getByRole("button", { name: "この人" }).click();
  await page.getByRole("heading", { level: 1, name: "損傷を報告する" }).waitFor();
}

test("who signs out is forgotten by the server and by the browser, and the next one finds nothing of theirs", () =>
  withResident("sign-out", DESKTOP, async (page, open, address, user) => {
    const { portal } = runningCity();
    const comment = `わたしだけのことば ${unique()}`;
    await page.goto(`${portal}/report`);
    await signInAs(page, user);
    // Another window has the same session, and would go on with the next one's.
    const other = await page.context().newPage();
    await other.goto(`${portal}/report`);
    await signInAs(other, user);
    await chooseLight(page);
    await page.getByLabel("コメント").fill(comment);
    await isOpenToAll(page, "outside-of-line");
    const cookies = () => page.context().cookies(portal);
    const before = (await cookies()).find(({ name }) => name === SESSION);
    assert.deepEqual([before.httpOnly, before.secure, before.sameSite, before.path], [true, true, "Strict", "/"]);

    await page.getByRole("button", { name: "ログアウト" }).click();
    await page.getByText("ログアウトしました。").waitFor();
    await other.getByText("ログアウトしました。").waitFor();
    await other.close();
    await isOpenToAll(page, "signed-out");
    assert.equal((await cookies()).find(({ name }) => name === SESSION), undefined);
    assert.equal(await page.evaluate(() => Object.keys(sessionStorage).join()), "", "the tab knows nobody");
    // A cookie that somebody kept is worth nothing any more.
    await page.context().addCookies([before]);
    assert.equal(await page.evaluate(async () => (await fetch("/report/reports")).status), 401);
    await page.context().clearCookies();

    const { residents } = await simulator("residents", { count: 1, seed: unique(), webhooks: false });
    await page.getByRole("button", { name: "LINEでログインする" }).click();
    await signInAs(page, residents[0].userId);
    assert.equal(await page.getByText("書きかけの報告があります").count(), 0);
    assert.equal(await page.getByLabel("コメント").inputValue(), "");
    // Whoever comes back finds their own.
    await page.getByRole("button", { name: "ログアウト" }).click();
    await page.getByRole("button", { name: "LINEでログインする" }).click();
    await signInAs(page, user);
    await page.getByText("書きかけの報告があります").waitFor();
    assert.equal(await page.getByLabel("コメント").inputValue(), comment);
  }));
