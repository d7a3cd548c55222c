/**
 * @file What Lighthouse says of the console of the running city: signs in as the sample town's administrator, and prints
 * the scores of its pages, each the median of some passes; fails if one is below what is expected.
 *
 *   node measure.mjs [--city FILE] [--report FOLDER]
 *
 * FILE holds the city's addresses, `target/city.json` if it is not said; into FOLDER go the whole reports.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import lighthouse, { desktopConfig } from "lighthouse";
import { chromium } from "playwright-core";

import { installedBrowser } from "../../browser/installed.mjs";

const CHECKOUT = join(import.meta.dirname, "..", "..", "..");
const FLAGS = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PAGES = { home: "/", list: "/town/waste-items", form: "/town/waste-items/edit?id=airon", audit: "/audit" };
const EXPECTED = { "performance": 95, "accessibility": 100, "best-practices": 95 };
const CATEGORIES = Object.keys(EXPECTED);
const PASSES = 3;
/** A phone on a slow line, as Lighthouse has it by itself, and a desk. */
const DEVICES = { phone: undefined, desk: desktopConfig };

const { values: options } = parseArgs({
  options: { city: { type: "string", default: join(CHECKOUT, "target", "city.json") }, report: { type: "string" } },
});

function addresses() {
  try {
    return JSON.parse(readFileSync(options.city, "utf8"));
  } catch {
    throw new Error("no city runs here; start it: infra/local/city start");
  }
}

/** A port that nobody listens to. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function signIn(context, { console: address, people }) {
  const [{ email, password }] = people;
  const page = await context.newPage();
  await page.goto(address);
  await page.locator("input[name=username]").fill(email);
  await page.locator("input[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.waitForURL((url) => url.origin === address && !url.pathname.startsWith("/sign-in"));
  await page.close();
}

/** One pass of Lighthouse over one page: scores in percent, and what it would have otherwise. */
async function look(url, port, config, report) {
  // The session must outlive the pass, so nothing stored is taken away; the cache is, so that each is a first visit.
  const flags = { port, onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: "error", output: "html" };
  const { lhr, report: html } = await lighthouse(url, flags, config);
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
  if (report) writeFileSync(report, html);
  const scores = Object.fromEntries(CATEGORIES.map((id) => [id, Math.round(lhr.categories[id].score * 100)]));
  const lost = CATEGORIES.flatMap((id) =>
    lhr.categories[id].auditRefs
      .filter(({ weight }) => weight > 0)
      .map(({ id: audit }) => lhr.audits[audit])
      .filter(({ score }) => score !== null && score < 0.9)
      .map(({ id: audit, displayValue }) => `${id}: ${audit} ${displayValue ?? ""}`.trim()),
  );
  return { scores, lost };
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

async function measured(city, port) {
  const rows = [];
  for (const [device, config] of Object.entries(DEVICES)) {
    for (const [name, path] of Object.entries(PAGES)) {
      const passes = [];
      for (let pass = 0; pass < PASSES; pass += 1) {
        const report = options.report && pass === 0 ? join(options.report, `${name}-${device}.html`) : undefined;
        passes.push(await look(new URL(path, city.console).href, port, config, report));
      }
      const scores = Object.fromEntries(CATEGORIES.map((id) => [id, median(passes.map((pass) => pass.scores[id]))]));
      rows.push({ page: name, device, ...scores, lost: [...new Set(passes.flatMap((pass) => pass.lost))] });
    }
  }
  return rows;
}

function print(rows) {
  const lines = rows.map((row) => `| ${row.page} | ${row.device} | ${CATEGORIES.map((id) => row[id]).join(" | ")} |`);
  const head = [`| page | device | ${CATEGORIES.join(" | ")} |`, `|---|---|${"---:|".repeat(CATEGORIES.length)}`];
  const lost = rows.flatMap(({ page, device, lost }) => lost.map((what) => `${page}, ${device}: ${what}`));
  const missed = rows.some((row) => CATEGORIES.some((id) => row[id] < EXPECTED[id]));
  const expected = CATEGORIES.map((id) => `${id} ${EXPECTED[id]}`).join(", ");
  process.stdout.write([...head, ...lines, "", ...lost, `Expected: ${expected}: ${missed ? "missed" : "met"}.`, ""].join("\n"));
  process.exitCode = missed ? 1 : 0;
}

const executablePath = installedBrowser();
if (options.report) mkdirSync(options.report, { recursive: true });
const city = addresses();
const port = await freePort();
const profile = mkdtempSync(join(tmpdir(), "kairan-lighthouse-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  chromiumSandbox: false,
  locale: "ja-JP",
  args: [...FLAGS, `--remote-debugging-port=${port}`],
});
try {
  await signIn(context, city);
  print(await measured(city, port));
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
