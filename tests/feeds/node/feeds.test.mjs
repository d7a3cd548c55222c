/** @file The feeds of the portal, read by the library `ical.js`: the days that the slow reading gives (`expected.json`). */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import ICAL from "ical.js";

const folder = process.env.FEEDS;
const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));

/** The events of a feed, as ical.js has them. */
function events(name) {
  const feed = new ICAL.Component(ICAL.parse(readFileSync(join(folder, name), "utf8")));
  return feed.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component));
}

/** The days of events with a status. */
const days = (found, status) =>
  found.filter((event) => event.component.getFirstPropertyValue("status") === status).map((event) => event.startDate.toString());

test("ical.js reads the same days in the feed of every category", () => {
  const names = readdirSync(folder).filter((name) => /^calendar_[^_]+_[^_]+\.ics$/.test(name));
  assert.ok(names.length > 40, `${names.length} feeds`);
  let seen = 0;
  for (const name of names) {
    const [, area, category] = name.replace(".ics", "").split("_");
    const of = expected[area][category] ?? { made: [], cancelled: [] };
    const found = events(name);
    assert.deepEqual(days(found, "CONFIRMED"), of.made, name);
    assert.deepEqual(days(found, "CANCELLED"), of.cancelled, name);
    seen += found.length;
  }
  assert.ok(seen > 1_500, `${seen} days`);
});

test("ical.js reads the same days in the feed of every area, with an alarm at seven in the evening before", () => {
  for (const [area, categories] of Object.entries(expected)) {
    const found = events(`calendar_${area}.ics`);
    for (const [status, kind] of [["CONFIRMED", "made"], ["CANCELLED", "cancelled"]]) {
      const all = Object.values(categories).flatMap((of) => of[kind]);
      assert.deepEqual(days(found, status), all.sort(), `${area} ${kind}`);
    }
    for (const event of found) {
      assert.ok(event.startDate.isDate && event.duration.toString() === "P1D", event.uid);
      const alarms = event.component.getAllSubcomponents("valarm");
      assert.equal(alarms.length, event.component.getFirstPropertyValue("status") === "CONFIRMED" ? 1 : 0);
      for (const alarm of alarms) {
        const at = event.startDate.clone();
        at.isDate = false;
        at.addDuration(alarm.getFirstPropertyValue("trigger"));
        const eve = event.startDate.clone();
        eve.adjust(-1, 0, 0, 0);
        assert.equal(at.toString(), `${eve}T19:00:00`);
      }
    }
  }
});
