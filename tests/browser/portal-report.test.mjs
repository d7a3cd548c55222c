/** @file A damage report on the portal's page, as it is opened inside LINE: without a position, with the line lost in the middle, with a large photo. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { EXPECTED, sizes } from "../bench/portal/measure.mjs";
import { NARROW, runningCity, unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { chooseLight, filed, HEIC, isOpenToAll, LINE, photo, send, somewhere, typePlace, withResident } from "./resident.mjs";

test("a report survives a denied position, a lost line and a closed page, and is filed once with a large photo", async () => {
  const [comment, later, still] = [`ずっと消えています。${unique()}`, `きのうもです。${unique()}`, `まだ消えています。${unique()}`];
  const place = somewhere();
  await withResident("report", NARROW, async (page, open) => {
    await open();
    await page.getByRole("heading", { level: 1, name: "損傷を報告する" }).waitFor();
    await send(page);
    await page.getByText("種別を選んでください。").waitFor();
    await page.getByText("場所を教えてください。", { exact: true }).waitFor();
    await isOpenToAll(page, "missing");
    await chooseLight(page);
    // What is mended is not asked for any longer; what is not, is.
    await page.getByText("種別を選んでください。").waitFor({ state: "hidden" });
    await page.getByText("場所を教えてください。", { exact: true }).waitFor();
    await page.getByRole("button", { name: "いまいる場所を使う" }).click();
    await page.getByText("位置情報の利用が許可されていません").waitFor();
    await typePlace(page, "00 00");
    await page.getByText("読み取れませんでした").waitFor();
    await typePlace(page, "43.0, 141.3");
    await page.getByText("の外のようです").waitFor();
    await typePlace(page, place);
    await page.getByText(`場所：${place}`).waitFor();
    await page.getByText("場所を教えてください。", { exact: true }).waitFor({ state: "hidden" });
    await page.getByLabel("コメント").fill(comment);
    await isOpenToAll(page, "filled");

    // Nothing that was entered is lost with the page; the photo waits for the line.
    await page.context().setOffline(true);
    await page.getByText("インターネットにつながっていません。入力した内容は").waitFor();
    await page.getByLabel(/^写真（/).setInputFiles([photo("big.png", 2_000), photo("small.png", 100)]);
    await page.getByText("つながらないため待っています").first().waitFor();
    await page.context().setOffline(false);
    await open();
    await page.getByText("書きかけの報告があります").waitFor();
    assert.equal(await page.getByLabel("コメント").inputValue(), comment);
    assert.ok(await page.getByRole("radio", { name: "消えている", exact: true }).isChecked());
    await page.getByText("届きました", { exact: true }).nth(1).waitFor({ timeout: 120_000 });
    await isOpenToAll(page, "photos");

    await page.context().setOffline(true);
    await send(page);
    await page.getByText("つながると自動で送信します。このページを閉じても").waitFor();
    await isOpenToAll(page, "offline");
    await page.context().setOffline(false);
    const number = await filed(page);
    await isOpenToAll(page, "filed");

    await page.getByRole("main").getByRole("link", { name: "あなたの報告" }).click();
    const own = page.getByRole("link", { name: `街路灯 ${number}` });
    await own.waitFor();
    assert.equal(await page.locator("ul.mine li").count(), 1, "it is filed once");
    await isOpenToAll(page, "mine");
    await own.click();
    await page.getByRole("button", { name: "写真 1" }).click();
    await page.getByRole("dialog").getByRole("img", { name: "写真 1" }).waitFor();
    await page.getByRole("button", { name: "閉じる" }).click();
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.getByLabel("コメントを追加する").fill(later);
    await page.getByRole("button", { name: "送る" }).first().click();
    await page.getByText("コメントを送りました").waitFor();
    await isOpenToAll(page, "one");

    await withDesk("portal-report", "administrator", async (desk) => {
      await desk.finds(number);
      await desk.reads(comment, later, "消えている");
      assert.equal(await desk.main.locator("ul.photos img").count(), 2);
      await desk.press("確認を始める");
      await desk.field(/^報告した人への返事/).fill("取り替えました。");
      await desk.press("「完了」にする");
      await desk.reads("報告した人に、LINEで知らせます。");
    });

    const path = `/mine/${new URL(page.url()).pathname.split("/").at(-1)}`;
    await open(path);
    await page.getByText("取り替えました。").waitFor();
    await page.getByLabel("まだ直っていません").fill(still);
    await page.getByRole("button", { name: "送る" }).last().click();
    await page.getByText("もう一度確かめます。").first().waitFor();
    await page.getByText(still).waitFor();
    await isOpenToAll(page, "reopened");
  });
});

test("what is reported nearby is shown first, and can be followed instead", async () => {
  const place = somewhere();
  let number;
  await withResident("first", NARROW, async (page, open) => {
    await open();
    await chooseLight(page);
    await typePlace(page, place);
    await send(page);
    number = await filed(page);
  });
  await withResident("second", NARROW, async (page, open) => {
    await open();
    await chooseLight(page);
    await page.getByRole("button", { name: "地図で選ぶ" }).click();
    await page.locator(".leaflet-container").click({ position: { x: 120, y: 120 } });
    await page.getByText(/^場所：\d/).waitFor();
    await typePlace(page, place);
    const same = page.getByRole("listitem").filter({ hasText: number });
    await same.waitFor();
    await send(page);
    await page.getByText("同じものか、確かめてください").waitFor();
    await isOpenToAll(page, "near");
    await same.getByRole("button", { name: /^同じものです/ }).click();
    // It costs what was entered, so that it is asked first.
    await same.getByRole("button", { name: "消して続報を受け取る" }).click();
    await page.getByRole("heading", { name: "続報をLINEでお知らせします" }).waitFor();
    await page.getByRole("main").getByRole("link", { name: "あなたの報告" }).click();
    await page.getByRole("link", { name: `街路灯 ${number}` }).click();
    // Of what somebody else reported nothing of theirs is shown.
    await page.getByRole("heading", { level: 1, name: number }).waitFor();
    assert.equal(await page.getByLabel("まだ直っていません").count(), 0);
    await page.getByRole("button", { name: "続報を受け取らない" }).click();
    await page.getByText("この報告は見られません").or(page.getByText("続報を送らないようにしました")).first().waitFor();
  });
});

test("a draft that is given up is forgotten, and what is no photo does not go anywhere", async () => {
  await withResident("given-up", NARROW, async (page, open) => {
    await open();
    await chooseLight(page);
    await page.getByLabel(/^写真（/).setInputFiles([{ name: "text.txt", mimeType: "text/plain", buffer: Buffer.from("x") }]);
    await page.getByText("JPEG、PNG、WebPの写真を選んでください。").waitFor();
    await page.getByLabel(/^写真（/).setInputFiles([{ name: "huge.png", mimeType: "image/png", buffer: Buffer.alloc(20_000_001) }]);
    await page.getByText("写真が大きすぎます。1枚20MBまでです。").waitFor();
    await page.getByLabel(/^写真（/).setInputFiles([{ name: "false.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") }]);
    await page.locator("ul.photos li.refused").waitFor({ timeout: 120_000 });
    await send(page);
    await page.getByText("場所を教えてください。", { exact: true }).waitFor();
    await page.getByRole("button", { name: "報告をやめる" }).click();
    await page.getByRole("button", { name: "消してやめる" }).click();
    await page.getByRole("radio", { name: /^街路灯/, checked: false }).waitFor();
    await open();
    await page.getByRole("heading", { level: 1, name: "損傷を報告する" }).waitFor();
    assert.equal(await page.getByText("書きかけの報告があります").count(), 0);
  });
});

test("who is known by a session is not asked again, and LINE opens the page anew when neither session nor token is good any more", async () => {
  const asked = [];
  await withResident(
    "renewed",
    NARROW,
    async (page, open, address) => {
      const { pathname } = new URL(`https://${LINE}/${runningCity().liff}/mine`);
      await page.route(`https://${LINE}/**`, async (route) => {
        asked.push(new URL(route.request().url()).pathname);
        const url = JSON.stringify(await address("/mine"));
        await route.fulfill({ contentType: "text/html", body: `<script>location.replace(${url})</script>` });
      });
      await open();
      await page.getByRole("heading", { level: 1, name: "損傷を報告する" }).waitFor();
      assert.equal(await page.getByRole("button", { name: "ログアウト" }).count(), 0, "nobody signs out inside LINE");
      // A token that nobody believes: what it says is the same, its signature is another's.
      await page.evaluate(() => {
        const token = sessionStorage.getItem("liff-id-token") ?? "";
        sessionStorage.setItem("liff-id-token", token.replace(/[^.]+$/, (signature) => [...signature].reverse().join("")));
      });
      await page.reload();
      await page.getByRole("navigation").getByRole("link", { name: "あなたの報告" }).click();
      await page.getByText("あなたの報告はまだありません。").waitFor();
      assert.deepEqual(asked, []);
      await page.context().clearCookies();
      await page.reload();
      await page.getByText("あなたの報告はまだありません。").waitFor();
      assert.deepEqual(asked, [pathname]);
    },
    [LINE],
  );
});

test("a draft belongs to one page at a time, the one that took it last", async () => {
  await withResident("two-pages", NARROW, async (page, open) => {
    await open();
    await chooseLight(page);
    const other = await page.context().newPage();
    await open("", other);
    const elsewhere = (where) => where.getByText("書きかけの報告を、ほかの画面で開いています");
    await elsewhere(other).waitFor();
    assert.equal(await other.getByRole("radio").count(), 0);
    await isOpenToAll(other, "elsewhere");
    await other.getByRole("button", { name: "この画面で続ける" }).click();
    await other.getByText("書きかけの報告があります").waitFor();
    assert.ok(await other.getByRole("radio", { name: "消えている", exact: true }).isChecked());
    await elsewhere(page).waitFor();
  });
});

test("it says the same in easy Japanese and in English, on the narrowest window", async () => {
  await withResident("languages", { ...NARROW, viewport: { width: 320, height: 700 } }, async (page, open) => {
    for (const [language, title, mine] of [["ja-easy", "こわれた ものを しらせる", "あなたの 報告"], ["en", "Report damage", "Your reports"]]) {
      await open(`?lang=${language}`);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await isOpenToAll(page, language);
      await page.getByRole("navigation").getByRole("link", { name: mine }).click();
      await page.getByRole("heading", { level: 1, name: mine }).waitFor();
      await isOpenToAll(page, `mine-${language}`);
    }
  });
});

test("the page is small, and the map comes only when it is asked for", async () => {
  const { sent } = await sizes(runningCity().portal);
  assert.ok(sent.first < EXPECTED.first && sent.withMap < EXPECTED.withMap, JSON.stringify(sent));
  assert.ok(sent.first + 100_000 < sent.withMap, "the map is not in the first page");
});

test("a HEIC file is refused with what helps, by whatever name it comes", async () => {
  await withResident("heic", NARROW, async (page, open) => {
    await open();
    await chooseLight(page);
    const files = [{ name: "IMG_0001.HEIC", mimeType: "image/heic", buffer: HEIC }, { name: "false.jpg", mimeType: "image/jpeg", buffer: HEIC }];
    await page.getByLabel(/^写真（/).setInputFiles(files);
    const helpful = page.locator("ul.photos li.refused").filter({ hasText: "HEIC形式の写真は受け取れません。" }).filter({ hasText: "「互換性優先」" });
    await helpful.nth(1).waitFor({ timeout: 120_000 });
    await typePlace(page, somewhere());
    await isOpenToAll(page, "heic");
    // It does not go along by mistake; what is taken out does not hold the report up.
    await send(page);
    await page.getByText("送れない写真があります。").waitFor();
    for (const number of [1, 2]) await page.getByRole("button", { name: `写真 ${number} を消す` }).click();
    await send(page);
    const number = await filed(page);
    await withDesk("portal-heic", "administrator", async (desk) => {
      await desk.finds(number);
      await desk.reads("写真はありません");
    });
  });
});
