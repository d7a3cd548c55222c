/** Channel access tokens: issued, checked, used, revoked, and over. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { CHANNEL_ID, CHANNEL_SECRET, city, refused } from "./city.mjs";

const town = city();
const stateless = (secret = CHANNEL_SECRET) =>
  town.tokens.issueStatelessChannelTokenByClientSecret(CHANNEL_ID, secret);

test("a stateless token lives a quarter of an hour", async () => {
  const issued = await stateless();
  assert.deepEqual([issued.token_type, issued.expires_in], ["Bearer", 900]);
  const api = town.apiWith(issued.access_token);
  assert.ok((await api.getBotInfo()).displayName);
  await town.simulator.call("PUT", "/clock", { advanceMs: 900_000 });
  await refused(401, () => api.getBotInfo());
});

test("a short-lived token can be verified and revoked", async () => {
  const issued = await town.tokens.issueChannelToken("client_credentials", CHANNEL_ID, CHANNEL_SECRET);
  assert.equal(issued.expires_in, 30 * 24 * 3600);
  const checked = await town.tokens.verifyChannelToken(issued.access_token);
  assert.equal(checked.client_id, CHANNEL_ID);
  await town.tokens.revokeChannelToken(issued.access_token);
  await refused(400, () => town.tokens.verifyChannelToken(issued.access_token));
  await refused(401, () => town.apiWith(issued.access_token).getBotInfo());
});

test("a token is verified as version 2.1", async () => {
  const checked = await town.tokens.verifyChannelTokenByJWT((await stateless()).access_token);
  assert.equal(checked.client_id, CHANNEL_ID);
});

test("a wrong secret gets no token", async () => {
  assert.equal((await refused(400, () => stateless("0".repeat(32)))).error_description.length > 0, true);
});
