// @ts-check
/** @file The simulator's own API: what the page may ask, and the stream of what happens. */

/**
 * @typedef {Record<string, any>} Json
 * @typedef {"following" | "blocked" | "stranger"} Status
 * @typedef {{ userId: string, name: string, status: Status, unread?: number, sends?: number }} Resident
 * @typedef {{ seq: number, at: number, from: "resident" | "account", via: string, message: Json, contentUrl?: string }} Entry one line of a chat
 * @typedef {{ status?: number | null, attempts?: number, error?: string, redelivering?: boolean }} Delivery
 * @typedef {{ richMenu: Json | null, imageUrl: string | null }} Menu
 * @typedef {{ seq: number, at: number, method: string, path: string, status: number, requestId?: string, retryKey?: string,
 *   acceptedRequestId?: string, ms?: number, request?: any, response?: any, fault?: string, warning?: string }} Call
 * @typedef {{ seq: number, at: number, body: Json, status: number | null, error?: string, ms?: number, redelivery?: boolean }} Webhook
 * @typedef {{ webhook?: string | null, accountName?: string, mapTiles?: string | null }} Config
 */

/** Longer than LINE's own wait for a webhook with its redeliveries on a slow machine. */
const PATIENCE_MS = 30_000;
const RECONNECT_MS = 2_000;

/** A request that failed: `status` 0 means that the simulator itself did not answer. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/**
 * @param {string} method
 * @param {string} path below /simulator
 * @param {Json} [body]
 * @returns {Promise<any>}
 */
async function call(method, path, body) {
  let response;
  let text;
  try {
    response = await fetch(`/simulator${path}`, {
      method,
      headers: body ? { "content-type": "application/json" } : {},
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    text = await response.text();
  } catch (cause) {
    throw new ApiError(0, String(cause));
  }
  const json = parse(text);
  if (!response.ok) throw new ApiError(response.status, typeof json?.message === "string" ? json.message : text.slice(0, 200));
  return json ?? {};
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The newest lines stand on the last page, and the simulator may hold tens of thousands. */
const RECORDS_PAGE = 1000;
const MOST_PAGES = 30;

/**
 * @param {"calls" | "webhooks"} what
 * @param {number} after
 * @returns {Promise<any[]>} the last pages at the most
 */
async function allPages(what, after) {
  let last = after;
  /** @type {any[]} */
  let kept = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const records = (await call("GET", `/${what}?after=${last}&limit=${RECORDS_PAGE}`))[what];
    kept = [...kept, ...records].slice(-RECORDS_PAGE);
    if (records.length < RECORDS_PAGE) break;
    last = records[records.length - 1].seq;
  }
  return kept;
}

/** @param {string} userId */
const at = (userId) => `/residents/${encodeURIComponent(userId)}`;

export const api = {
  /** @returns {Promise<Config>} */
  config: () => call("GET", "/config"),
  /** @returns {Promise<{ now: number }>} */
  clock: () => call("GET", "/clock"),
  /**
   * @param {number} limit
   * @param {string} [after]
   * @returns {Promise<{ count: number, residents: Resident[] }>}
   */
  residents: (limit, after) => call("GET", `/residents?limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ""}`),
  /**
   * @param {string} userId
   * @returns {Promise<Resident>}
   */
  resident: (userId) => call("GET", at(userId)),
  /**
   * Plays what a resident does, and waits for the answer to its webhook.
   * @param {string} userId
   * @param {Json} event
   * @returns {Promise<{ delivery?: Delivery | null }>}
   */
  play: (userId, event) => call("POST", `${at(userId)}/events`, event),
  /**
   * @param {string} userId
   * @param {number} after
   * @returns {Promise<{ messages: Entry[] }>}
   */
  chat: (userId, after) => call("GET", `${at(userId)}/chat?after=${after}`),
  /**
   * @param {string} userId
   * @returns {Promise<Menu>}
   */
  menu: (userId) => call("GET", `${at(userId)}/menu`),
  /**
   * A tap on a tab of the rich menu.
   * @param {string} userId
   * @param {string} richMenuAliasId
   * @param {string} [data]
   * @returns {Promise<{ delivery?: Delivery | null }>}
   */
  switchMenu: (userId, richMenuAliasId, data) => call("POST", `${at(userId)}/menu`, { richMenuAliasId, data }),
  /**
   * A tap on a link of the LIFF app.
   * @param {string} userId
   * @param {string} url
   * @returns {Promise<{ url: string }>}
   */
  openLiff: (userId, url) => call("POST", `${at(userId)}/liff`, { url }),
  /**
   * @param {number} after
   * @returns {Promise<Call[]>}
   */
  calls: (after) => allPages("calls", after),
  /**
   * @param {number} after
   * @returns {Promise<Webhook[]>}
   */
  webhooks: (after) => allPages("webhooks", after),
};

/**
 * @typedef {object} StreamHandlers
 * @property {() => void} opened also after each reconnection, so that what was missed can be read
 * @property {() => void} lost
 * @property {(data: { userId: string, message: Entry }) => void} chat
 * @property {(data: Call) => void} call
 * @property {(data: Webhook) => void} webhook
 * @property {(data: { userId?: string }) => void} menu
 * @property {(data: Partial<Resident>) => void} resident
 * @property {(data: Json) => void} reset
 */

/**
 * Follows what happens in the simulator, for as long as the page is open.
 * @param {StreamHandlers} handlers
 */
export function openStream(handlers) {
  const source = new EventSource("/simulator/stream");
  source.onopen = () => handlers.opened();
  source.onerror = () => {
    handlers.lost();
    // The browser gives up by itself after an answer that is not a stream (a proxy's error page, say).
    if (source.readyState === EventSource.CLOSED) setTimeout(() => openStream(handlers), RECONNECT_MS);
  };
  for (const name of /** @type {const} */ (["chat", "call", "webhook", "menu", "resident", "reset"])) {
    source.addEventListener(name, (event) => {
      const data = parse(event.data);
      handlers[name](data ?? {});
    });
  }
}
