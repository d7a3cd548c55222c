/**
 * @file How much a phone loads for the page of a damage report, at first and with the map: as the portal of the running city sends it,
 * and as much as it would be if whoever stands before it compressed it. LINE's SDK is counted as it is in the page's own bundle, although
 * the city's page loads a stand-in.
 *
 *   node measure.mjs [--city FILE]
 *
 * FILE holds the city's addresses, `target/city.json` if it is not said. Fails if it is more than is expected.
 */

import { readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const CHECKOUT = join(import.meta.dirname, "..", "..", "..");
/** What may be loaded, in bytes as they are sent. */
export const EXPECTED = { first: 150_000, withMap: 450_000 };

/** A file of the city: whatever its host is called, it runs on this machine. */
function fetched(address) {
  return new Promise((resolve, reject) => {
    const lookup = (_, options, found) => (options.all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4));
    get(address, { lookup }, async (answer) => {
      const parts = await answer.toArray();
      if (answer.statusCode === 200) resolve(Buffer.concat(parts).toString());
      else reject(new Error(`${address.pathname}: ${answer.statusCode}`));
    }).on("error", reject);
  });
}

/** The text of everything that is loaded at first, and of what comes with the map, by path. */
async function loaded(portal, path) {
  const text = (path) => fetched(new URL(path, portal));
  const page = await text(path);
  const first = new Map([[path, page]]);
  const { mapStyle } = JSON.parse(/id="page-data">(.*?)<\/script>/s.exec(page)[1]);
  const later = new Map([[mapStyle, await text(mapStyle)]]);
  const take = async (path, into) => {
    if (first.has(path) || later.has(path)) return;
    const script = await text(path);
    into.set(path, script);
    if (!path.endsWith(".js")) return;
    for (const [, asked, file] of script.matchAll(/(import\()?"\.\/([\w-]+\.js)"/g)) {
      await take(`/assets/${file}`, asked && file.startsWith("map-") ? later : into);
    }
  };
  for (const [, address] of page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) await take(address, first);
  return { first, later };
}

/** Bytes as they are sent and compressed, at first and with the map. */
export async function sizes(portal, path = "/report") {
  const { first, later } = await loaded(portal, path);
  const sum = (files, of) => [...files.values()].reduce((all, text) => all + of(text), 0);
  const sent = (text) => Buffer.byteLength(text);
  const zipped = (text) => gzipSync(text).length;
  const size = (of) => ({ first: sum(first, of), withMap: sum(first, of) + sum(later, of) });
  return { files: first.size, mapFiles: later.size, sent: size(sent), zipped: size(zipped) };
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({ options: { city: { type: "string", default: join(CHECKOUT, "target", "city.json") } } });
  const { portal } = JSON.parse(readFileSync(values.city, "utf8"));
  const { files, mapFiles, sent, zipped } = await sizes(portal);
  console.log("| page of a report | files | sent | gzip |\n| --- | ---: | ---: | ---: |");
  console.log(`| first | ${files} | ${sent.first} | ${zipped.first} |`);
  console.log(`| with the map | ${files + mapFiles} | ${sent.withMap} | ${zipped.withMap} |`);
  process.exitCode = sent.first < EXPECTED.first && sent.withMap < EXPECTED.withMap ? 0 : 1;
}
