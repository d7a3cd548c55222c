/** A simulator of its own for every file of tests, and LINE's SDK set up to talk to it. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { after, before, beforeEach } from "node:test";
import { crc32, deflateSync } from "node:zlib";

import { HTTPFetchError, LineBotClient, channelAccessToken, middleware } from "@line/bot-sdk";

export const CHANNEL_ID = "1234567890";
export const CHANNEL_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8";
export const ACCESS_TOKEN = "a long-lived token";
const CHECKOUT = fileURLToPath(new URL("../../..", import.meta.url));

/** The simulator's process. */
class Simulator {
  static async start() {
    const [binary, ...first] = process.env.SIMULATOR_BIN
      ? [process.env.SIMULATOR_BIN]
      : ["cargo", "run", "--quiet", "--package", "simulator", "--"];
    const options = ["--channel-id", CHANNEL_ID, "--channel-secret", CHANNEL_SECRET, "--access-token", ACCESS_TOKEN];
    const child = spawn(binary, [...first, "--allow-local-http", ...options], {
      cwd: CHECKOUT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const simulator = new Simulator();
    simulator.ended = new Promise((resolve) => child.once("exit", resolve));
    simulator.kill = () => child.kill();
    process.once("exit", simulator.kill);
    for await (const line of createInterface({ input: child.stdout })) {
      ({ simulator: simulator.url, lineData: simulator.dataUrl } = JSON.parse(line));
      return simulator;
    }
    throw new Error("the simulator did not start");
  }

  /** Calls the simulator's own API under `/simulator`. */
  async call(method, path, body) {
    const answer = await fetch(`${this.url}/simulator${path}`, { method, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.json();
  }

  /** Ends the process, after noting for `run` which endpoints answered with success. */
  async stop() {
    try {
      const { calls } = await this.call("GET", "/calls?limit=20000");
      const lines = calls.filter((call) => call.status < 300).map((call) => `${call.method} ${call.path}\n`);
      if (process.env.SDK_CALLS_FILE) appendFileSync(process.env.SDK_CALLS_FILE, lines.join(""));
    } finally {
      this.kill();
      await this.ended;
    }
  }
}

/**
 * A webhook endpoint behind the SDK's own middleware, which checks the signature and reads the body. It keeps what it
 * takes, in order, and answers with `status`.
 */
class Listener {
  status = 200;
  #taken = [];
  #waiting = [];

  static async start() {
    const listener = new Listener();
    const check = middleware({ channelSecret: CHANNEL_SECRET });
    listener.server = createServer((request, response) => {
      check(request, response, (error) => {
        if (!error) listener.#take(request.body);
        response.writeHead(error ? 401 : listener.status).end();
      });
    });
    await new Promise((resolve) => listener.server.listen(0, "127.0.0.1", resolve));
    listener.url = `http://127.0.0.1:${listener.server.address().port}/webhook`;
    return listener;
  }

  #take(body) {
    const next = this.#waiting.shift();
    if (next) next(body);
    else this.#taken.push(body);
  }

  /** The body of the next webhook. */
  next() {
    if (this.#taken.length) return Promise.resolve(this.#taken.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  forget() {
    this.#taken = [];
    this.status = 200;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** What the tests of one file share; call it once, at the top of the file. */
export function city() {
  const shared = {
    /** The SDK with a channel access token; the base URLs are all that is not LINE's. */
    apiWith: (token) =>
      LineBotClient.fromChannelAccessToken({
        channelAccessToken: token,
        apiBaseURL: shared.simulator.url,
        dataApiBaseURL: shared.simulator.dataUrl,
      }),
    /** The ids of new residents who follow the account. */
    residents: async (count = 1) => {
      const wish = { count, seed: "sdk", webhooks: false };
      const { residents } = await shared.simulator.call("POST", "/residents", wish);
      return residents.map((resident) => resident.userId);
    },
    resident: async () => (await shared.residents())[0],
    /** Lets a resident do something, and gives the simulator's account of it after the webhook was answered. */
    play: (userId, type, fields = {}) =>
      shared.simulator.call("POST", `/residents/${userId}/events`, { type, ...fields }),
    /** The messages that a resident got from the account. */
    heard: async (userId) => {
      const { messages } = await shared.simulator.call("GET", `/residents/${userId}/chat`);
      return messages.filter((entry) => entry.from === "account").map((entry) => entry.message);
    },
  };
  before(async () => {
    shared.simulator = await Simulator.start();
    shared.listener = await Listener.start();
    await shared.simulator.call("PUT", "/config", { webhook: shared.listener.url });
    shared.api = shared.apiWith(ACCESS_TOKEN);
    shared.tokens = new channelAccessToken.ChannelAccessTokenClient({ baseURL: shared.simulator.url });
  });
  beforeEach(async () => {
    shared.listener.forget();
    await shared.simulator.call("PUT", "/faults", { rules: [] });
  });
  after(async () => {
    await shared.simulator?.stop();
    await shared.listener?.stop();
  });
  return shared;
}

/** A message. */
export const text = (words = "こんにちは") => ({ type: "text", text: words });

/** The body of the refusal that a call meets, and the error itself. */
export async function refused(status, call) {
  const error = await call().then(
    () => assert.fail("it was not refused"),
    (caught) => caught,
  );
  assert.ok(error instanceof HTTPFetchError, String(error));
  assert.equal(error.status, status, error.body);
  return { ...JSON.parse(error.body), error };
}

/** A content, read to its end. */
export async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A black picture of that size. */
export function png(width, height) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = deflateSync(Buffer.alloc((width + 1) * height));
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}
