/** @file What other systems are told of reports, believed by the library `standardwebhooks`: as it was sent, and in no other form. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mock, test } from "node:test";

import { Webhook } from "standardwebhooks";

const { secret, letters } = JSON.parse(readFileSync(join(process.env.FEEDS, "letters.json"), "utf8"));

const headers = ({ id, timestamp, signature }) => ({
  "webhook-id": id,
  "webhook-timestamp": String(timestamp),
  "webhook-signature": signature,
});

test("every letter is believed, and says which report it is about", () => {
  assert.ok(letters.length > 3, `${letters.length} letters`);
  const hook = new Webhook(secret);
  for (const letter of letters) {
    mock.timers.enable({ apis: ["Date"], now: letter.timestamp * 1000 });
    try {
      const told = hook.verify(letter.body, headers(letter));
      assert.equal(told.type, "report.changed");
      assert.match(told.data.number, /^\d{6}-[0-9A-Z]{6}$/);
      assert.equal(told.data.change.what, "filed");
      assert.equal(new Date(told.timestamp).toISOString(), new Date(told.data.change.at).toISOString());
    } finally {
      mock.timers.reset();
    }
  }
});

test("what was changed on the way, is of somebody else or is old is not believed", () => {
  const [letter] = letters;
  const believe = (other, key = secret, now = letter.timestamp) => {
    mock.timers.enable({ apis: ["Date"], now: now * 1000 });
    try {
      return new Webhook(key).verify((other.body ?? letter.body), headers({ ...letter, ...other }));
    } finally {
      mock.timers.reset();
    }
  };
  assert.ok(believe({}));
  assert.throws(() => believe({ body: letter.body.replace("report.changed", "report.removed") }));
  assert.throws(() => believe({ id: `${letter.id}0` }));
  assert.throws(() => believe({ timestamp: letter.timestamp + 1 }));
  assert.throws(() => believe({}, `whsec_${Buffer.from("another secret of the same size!").toString("base64")}`));
  assert.throws(() => believe({}, secret, letter.timestamp + 3600));
});
