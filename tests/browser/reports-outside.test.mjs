/** @file Other systems: a key with which one files reports until it is taken away, and a hook by which it hears of each change, signed. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";

import { ask, runningCity, unique } from "./browser.mjs";
import { withDesk } from "./desk.mjs";
import { somewhere } from "./resident.mjs";

/** A change is told within seconds; a cold function on a busy machine is slow. */
const PATIENCE_MS = 90_000;
const LIST = "/settings/outside";

/** Lends another system, which hears of changes on this machine. */
async function withHook(use) {
  const letters = [];
  const server = createServer(async (request, answer) => {
    const body = Buffer.concat(await request.toArray()).toString();
    letters.push({ method: request.method, path: request.url, headers: request.headers, body });
    answer.writeHead(204).end();
    server.emit("letter");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  /** The letter about a report whose change is so; others are of other tests. */
  const hears = async (id, what) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = letters.find(({ body }) => JSON.parse(body).data.id === id && JSON.parse(body).data.change.what === what);
      if (found) return found;
      await once(server, "letter", { signal }).catch(() => assert.fail(`it never heard that ${id} was ${what}`));
    }
  };
  try {
    await use(`http://127.0.0.1:${server.address().port}/hook?token=${unique()}`, hears);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What a letter says, if it is signed with this secret, after the specification "Standard Webhooks"; else this fails. */
function believed({ method, path, headers, body }, url, secret) {
  assert.deepEqual([method, `http://${headers.host}${path}`], ["POST", url]);
  assert.match(headers["content-type"], /^application\/json/);
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const signature = createHmac("sha256", key).update(signed).digest("base64");
  assert.ok(headers["webhook-signature"].split(" ").includes(`v1,${signature}`), "the signature is of this secret");
  assert.ok(Math.abs(Date.now() / 1000 - Number(headers["webhook-timestamp"])) < 300, "it was signed just now");
  return JSON.parse(body);
}

/** Files a report as another system does. */
function file(key, description) {
  const [lat, long] = somewhere().split(", ");
  const fields = { api_key: key, service_code: "street-light", lat, long, description, "attribute[light-how]": "消えている" };
  const body = new URLSearchParams(fields).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return ask(`${runningCity().portal}/open311/v2/requests.json`, { method: "POST", headers, body });
}

/** What stands on the page as code. */
const codes = (desk) => desk.main.locator("code").allInnerTexts();

/** Makes a key under a name; it is shown this once. */
async function makeKey(desk, name) {
  await desk.goTo("設定");
  await desk.follow("外部連携を見る");
  await desk.isAt("外部連携");
  await desk.follow("APIキーをつくる");
  await desk.press("APIキーをつくる");
  await desk.looks("outside-key-mistakes", 422);
  await desk.field(/^システムの名前/).fill(name);
  await desk.press("APIキーをつくる");
  await desk.isAt("APIキーをつくりました");
  const [key] = await codes(desk);
  assert.ok(key.length >= 32, `${key.length}`);
  await desk.looks("outside-key-made");
  return key;
}

/** Adds a hook under a name; its secret is shown this once. */
async function makeHook(desk, name, url) {
  await desk.open(LIST);
  await desk.follow("宛先を加える");
  await desk.field(/^システムの名前/).fill(name);
  await desk.field(/^宛先のURL/).fill("https://10.0.0.1/hook");
  await desk.press("宛先を加える");
  await desk.reads("名前で書いたURLを入れてください");
  await desk.looks("outside-hook-mistakes", 422);
  await desk.field(/^宛先のURL/).fill(url);
  await desk.press("宛先を加える");
  await desk.isAt("宛先を加えました");
  const [secret] = await codes(desk);
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{32,}=*$/);
  await desk.looks("outside-hook-made");
  return secret;
}

/** Takes away what stands in the row with this name. */
async function takeAway(desk, name, link, button, said) {
  await desk.open(LIST);
  await desk.main.getByRole("row").filter({ hasText: name }).getByRole("link", { name: link, exact: true }).click();
  await desk.looks(`outside-remove-${link === "取り消す" ? "key" : "hook"}`);
  await desk.press(button);
  await desk.reads(said);
  assert.ok(!(await desk.main.textContent()).includes(name), `${name} is away`);
}

test("a system files with its key and hears of each change, signed, until both are taken away", () =>
  withHook(async (url, hears) => {
    const [filing, hearing] = [`道路台帳 ${unique()}`, `工事管理 ${unique()}`];
    await withDesk("outside", "administrator", async (desk) => {
      const key = await makeKey(desk, filing);
      const secret = await makeHook(desk, hearing, url);
      await desk.open(LIST);
      await desk.reads(filing, hearing, "http://127.0.0.1");
      const listed = await desk.page.content();
      for (const hidden of [key, secret, "token="]) assert.ok(!listed.includes(hidden), "it is shown once");
      await desk.looks("outside");

      assert.equal((await file(`${key}0`, "だれのものでもないキー")).status, 403);
      const description = `街路灯が消えています。${unique()}`;
      const answer = await file(key, description);
      assert.equal(answer.status, 201, answer.text);
      const [{ service_request_id: id }] = JSON.parse(answer.text);
      const begun = believed(await hears(id, "filed"), url, secret);
      assert.deepEqual([begun.type, begun.data.state, begun.data.kind.id], ["report.changed", "received", "street-light"]);
      assert.ok(!JSON.stringify(begun).includes(description), "nobody's words go out");

      await desk.open(`/reports/${id}`);
      await desk.reads(description, "消えている", filing);
      assert.equal(await desk.main.getByText("電話・窓口").count(), 0, "nobody called");
      await desk.looks("outside-report");
      await desk.press("確認を始める");
      await desk.reads("保存しました");
      const { from, to } = believed(await hears(id, "state"), url, secret).data.change;
      assert.deepEqual([from, to], ["received", "checking"]);

      await takeAway(desk, filing, "取り消す", "APIキーを取り消す", "APIキーを取り消しました");
      assert.equal((await file(key, `もう送れません。${unique()}`)).status, 403);
      await takeAway(desk, hearing, "取り除く", "宛先を取り除く", "宛先を取り除きました");
    });
  }));
