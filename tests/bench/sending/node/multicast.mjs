/**
 * Calls a second of a plain sender on one core, as `speed.rs` measures ours: node multicast.mjs SIMULATOR FRIENDS ROUNDS.
 *
 * It does what the SDK does for it and no more: no ledger, no claim, no computed key; a random one for each call.
 */

import { randomUUID } from "node:crypto";

import { channelAccessToken, messagingApi } from "@line/bot-sdk";

const RECIPIENTS = 500;
/** As many calls under way at a time as one of our senders has runs. */
const AT_ONCE = 20;
const [simulator, friends, rounds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

async function everybody() {
  const ids = [];
  let after = "";
  while (ids.length < friends) {
    const answer = await fetch(`${simulator}/simulator/residents?limit=${Math.min(10_000, friends - ids.length)}${after}`);
    const { residents } = await answer.json();
    if (residents.length === 0) throw new Error("the simulator has too few friends");
    for (const { userId } of residents) ids.push(userId);
    after = `&after=${ids.at(-1)}`;
  }
  return ids;
}

async function token() {
  const client = new channelAccessToken.ChannelAccessTokenClient({ baseURL: simulator });
  const issued = await client.issueStatelessChannelTokenByClientSecret("1", "secret");
  return issued.access_token;
}

async function round(client, ids, text) {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let next = 0;
  let calls = 0;
  async function sender() {
    while (next < ids.length) {
      const to = ids.slice(next, (next += RECIPIENTS));
      await client.multicast({ to, messages: [{ type: "text", text }] }, randomUUID());
      calls += 1;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  const { user, system } = process.cpuUsage(cpu);
  return { calls, seconds: (performance.now() - began) / 1_000, processorSeconds: (user + system) / 1_000_000 };
}

const ids = await everybody();
const client = new messagingApi.MessagingApiClient({ baseURL: simulator, channelAccessToken: await token() });
const measured = [];
// The first round, in which the engine compiles, is not counted.
for (let number = 0; number <= rounds; number += 1) measured.push(await round(client, ids, `round ${number} ${randomUUID()}`));
console.log(JSON.stringify({ rounds: measured.slice(1) }));
