// @ts-check
/** @file Puts the page together: one resident's phone in the middle, residents and records beside it. */

import { perform } from "./actions.js";
import { ApiError, api, openStream } from "./api.js";
import { Chat, avatar } from "./chat.js";
import { Composer } from "./composer.js";
import { button, el, icon } from "./dom.js";
import { Inspector } from "./inspector.js";
import { pickPlace } from "./map.js";
import { Residents } from "./residents.js";
import { RichMenu } from "./richmenu.js";
import { Sheets } from "./sheet.js";
import { timeOf, words } from "./words.js";

/**
 * @typedef {import("./api.js").Json} Json
 * @typedef {import("./api.js").Resident} Resident
 * @typedef {import("./api.js").Delivery} Delivery
 */

const CLOCK_EVERY_MS = 5_000;
/** A short break of the line, as at a restart, is not worth a word. */
const LOST_AFTER_MS = 1_200;

const settings = new URLSearchParams(location.search);
/** `frame=1`: the phone alone, for pictures and for embedding. */
const alone = settings.get("frame") === "1";

/** @type {Resident | null} */
let current = null;
let account = words.account;
/** @type {string | null} */
let tiles = null;
/** How far the simulator's clock is from this machine's. */
let clockOffset = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let lostLater;
/** Failed webhooks that were already told: a redelivery fails again under the same id. */
const told = new Set();
/** How many plays wait for their answer, which tells more of a failed webhook than the stream does. */
let waiting = 0;

const screen = el("div", { class: "screen" });
const glass = el("div", { class: "phone__glass" }, [screen]);
const sheets = new Sheets(glass, screen);

const hands = {
  sheets,
  play: (/** @type {Json} */ event) => void play(event),
  switchMenu: (/** @type {string} */ alias, /** @type {string | undefined} */ data) => void switchMenu(alias, data),
  setMenu: (/** @type {"open" | "closed"} */ state) => menu.setOpen(state),
  fillIn: (/** @type {string} */ text) => composer.fillIn(text),
  pickPhoto: () => composer.pickPhoto(),
  takePhoto: () => composer.takePhoto(),
  pickLocation: () => void sendPlace(),
  openLiff,
};
const act = (/** @type {Json} */ action) => perform(action, hands);

const chat = new Chat({
  perform: act,
  show: (what) => sheets.show(what),
  unsend: (messageId) => void play({ type: "unsend", messageId }),
});
const menu = new RichMenu(act);
const composer = new Composer({
  play,
  pickLocation: () => void sendPlace(),
  toast: (text) => sheets.toast(text),
  opened: () => menu.setOpen("closed"),
});
const inspectorPanel = /** @type {HTMLElement} */ (document.getElementById("inspector"));
const residentsPanel = /** @type {HTMLElement} */ (document.getElementById("residents"));
const inspector = new Inspector(inspectorPanel, sheets);
const residents = new Residents(residentsPanel, {
  select: (resident) => {
    residentsPanel.classList.remove("is-open");
    void select(resident);
  },
  create: (name) => {
    residentsPanel.classList.remove("is-open");
    void select(stranger(newUserId(), name));
  },
  follow: () => void follow(),
  block: () => void play({ type: "unfollow" }),
  failed: tell,
});

const statusTime = el("span", { class: "statusbar__time" });
const accountName = el("h1", { class: "header__name" });
const accountFace = el("div", { class: "header__face" });
const banner = el("div", { class: "banner", testid: "banner", attrs: { hidden: true, role: "alert" }, text: words.lost });
const door = el("div", { class: "door", attrs: { hidden: true } });

build();
openStream({
  opened: () => {
    clearTimeout(lostLater);
    banner.hidden = true;
    refresh().catch(tell);
  },
  lost: () => {
    clearTimeout(lostLater);
    lostLater = setTimeout(() => (banner.hidden = false), LOST_AFTER_MS);
  },
  chat: ({ userId, message }) => {
    if (userId === current?.userId) chat.add([message]);
    else if (message?.from === "account") residents.heard(userId);
  },
  call: (data) => {
    inspector.add([{ kind: "call", data }]);
    const waits = /\/chat\/loading\/start$/.test(data.path) && data.status < 300 && data.request?.chatId === current?.userId;
    if (waits) chat.startTyping(data.request.loadingSeconds);
  },
  webhook: (data) => {
    inspector.add([{ kind: "webhook", data }]);
    const mine = (data.body?.events ?? []).find((/** @type {Json} */ event) => event?.source?.userId === current?.userId);
    if (mine && waiting === 0) tellDelivery({ status: data.status, error: data.error }, mine.webhookEventId);
  },
  menu: ({ userId }) => {
    if (!userId || userId === current?.userId) loadMenu().catch(tell);
  },
  resident: (data) => {
    if (data.userId && data.userId === current?.userId) setCurrent({ ...current, ...data });
    residents.changed(data);
  },
  reset: () => {
    inspector.reset();
    residents.reset();
    chat.clear();
    current = null;
    refresh().catch(tell);
  },
});

/** Lays out the screen and the page around it. */
function build() {
  document.title = words.title;
  document.body.classList.toggle("is-alone", alone);
  const drawer = (
    /** @type {HTMLElement} */ panel,
    /** @type {import("./dom.js").IconName} */ face,
    /** @type {string} */ label,
    /** @type {string} */ testid,
  ) =>
    alone
      ? null
      : button(
          {
            class: "header__drawer",
            testid,
            attrs: { "aria-label": label },
            on: { click: () => panel.classList.add("is-open") },
          },
          [icon(face, 22)],
        );
  screen.append(
    el("div", { class: "statusbar", attrs: { "aria-hidden": "true" } }, [
      statusTime,
      el("span", { class: "statusbar__signs" }, [el("i"), el("i"), el("i"), el("b")]),
    ]),
    el("header", { class: "header" }, [
      drawer(residentsPanel, "people", words.residents.open, "open-residents"),
      accountFace,
      el("div", { class: "header__text" }, [accountName, el("span", { class: "header__sub", text: words.header.account })]),
      drawer(inspectorPanel, "log", words.inspector.open, "open-inspector"),
    ]),
    banner,
    chat.node,
    door,
    composer.node,
    menu.node,
  );
  const phone = el("div", { class: "phone", testid: "phone", attrs: { role: "region", "aria-label": words.phone } }, [glass]);
  document.getElementById("stage")?.append(phone);
  if (alone) {
    residentsPanel.hidden = true;
    inspectorPanel.hidden = true;
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    residentsPanel.classList.remove("is-open");
    inspectorPanel.classList.remove("is-open");
  });
  showAccount(words.account);
  showDoor();
  showTime();
  setInterval(showTime, CLOCK_EVERY_MS);
}

/** Reads everything anew: at the start, and whenever the line was broken. */
async function refresh() {
  const [config, clock] = await Promise.all([api.config(), api.clock(), residents.reload()]);
  tiles = config.mapTiles ?? null;
  clockOffset = clock.now - Date.now();
  showAccount(config.accountName || words.account);
  showTime();
  void loadRecords().catch(tell);
  if (!current) await select(await firstResident());
  else {
    await loadResident();
    await Promise.all([loadChat("again"), loadMenu()]);
  }
}

/** @returns {Promise<Resident>} */
async function firstResident() {
  const userId = new URLSearchParams(location.search).get("resident");
  if (userId && /^U[0-9a-f]{32}$/.test(userId)) {
    try {
      return await api.resident(userId);
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.status !== 404) throw cause;
      return stranger(userId, "");
    }
  }
  return residents.first ?? stranger(newUserId(), residents.suggestName());
}

/**
 * Somebody who has never met the account: the simulator knows them from their first tap on.
 * @param {string} userId
 * @param {string} name
 * @returns {Resident}
 */
const stranger = (userId, name) => ({ userId, name, status: "stranger" });

const newUserId = () =>
  `U${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

async function loadRecords() {
  const [calls, webhooks] = await Promise.all([api.calls(inspector.lastCall), api.webhooks(inspector.lastWebhook)]);
  const lines = [
    ...calls.map((data) => ({ kind: /** @type {const} */ ("call"), data })),
    ...webhooks.map((data) => ({ kind: /** @type {const} */ ("webhook"), data })),
  ];
  inspector.add(lines);
}

/** @param {Resident} resident */
async function select(resident) {
  // Asking for a chat is reading it: what came while it was open must not count as unread.
  if (current && current.userId !== resident.userId && met()) api.chat(met(), chat.lastSeq).catch(tell);
  sheets.dismiss();
  chat.clear();
  composer.clear();
  menu.clear();
  setCurrent(resident);
  const url = new URL(location.href);
  url.searchParams.set("resident", resident.userId);
  history.replaceState(null, "", url);
  try {
    await Promise.all([loadChat("first"), loadMenu()]);
  } catch (cause) {
    tell(cause);
  }
}

/** @param {Resident} resident */
function setCurrent(resident) {
  current = resident;
  residents.setCurrent(resident);
  inspector.setResident(resident.userId);
  showDoor();
}

/** The id of the current resident, once they have met the account: strangers have no chat to ask for. */
const met = () => (current && current.status !== "stranger" ? current.userId : "");

/** @param {"first" | "again"} time */
async function loadChat(time) {
  const userId = met();
  if (!userId) return;
  const known = chat.lastSeq;
  const { messages } = await unlessUnknown(api.chat(userId, 0), { messages: [] });
  if (current?.userId !== userId) return;
  // A simulator that was started afresh knows less than the page did when it asked. (More may have come meanwhile.)
  if (time === "again" && Math.max(0, ...messages.map((one) => one.seq)) < known) chat.clear();
  chat.add(messages);
  if (time === "first") chat.toEnd();
}

async function loadMenu() {
  const userId = met();
  if (!userId) return;
  const found = await unlessUnknown(api.menu(userId), { richMenu: null, imageUrl: null });
  if (current?.userId === userId && current.status === "following") menu.set(found);
}

async function loadResident() {
  const userId = current?.userId;
  if (!userId) return;
  const resident = await unlessUnknown(api.resident(userId), null);
  if (resident && current?.userId === userId) setCurrent(resident);
}

/**
 * Nobody has met a stranger yet: that the simulator does not know them is no error.
 * @template T
 * @param {Promise<T>} answer
 * @param {T} otherwise
 */
async function unlessUnknown(answer, otherwise) {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof ApiError && cause.status === 404) return otherwise;
    throw cause;
  }
}

/**
 * Lets the resident do something. Says whether the simulator took it.
 * @param {Json} event
 * @returns {Promise<boolean>}
 */
async function play(event) {
  const userId = current?.userId;
  if (!userId) return false;
  waiting += 1;
  try {
    const answer = /** @type {Json} */ (await api.play(userId, event));
    if (current?.userId !== userId) return true;
    tellDelivery(answer.delivery, answer.webhookEventId);
    if (event.type === "follow" || event.type === "unfollow") {
      await loadResident();
      await Promise.all([loadChat("again"), loadMenu()]);
    }
    return true;
  } catch (cause) {
    tell(cause);
    return false;
  } finally {
    waiting -= 1;
  }
}

/** A stranger is made by following; the name is that of the form, if one was filled in. */
async function follow() {
  await play({ type: "follow", name: current?.name || undefined });
  await residents.reload().catch(tell);
}

/**
 * @param {string} alias
 * @param {string | undefined} data
 */
async function switchMenu(alias, data) {
  const userId = current?.userId;
  if (!userId) return;
  try {
    const answer = /** @type {Json} */ (await api.switchMenu(userId, alias, data));
    tellDelivery(answer.delivery, answer.webhookEventId);
    await loadMenu();
  } catch (cause) {
    tell(cause);
  }
}

/**
 * The page that a link of the LIFF app opens for this resident.
 * @param {string} uri
 * @returns {Promise<string | null>}
 */
async function openLiff(uri) {
  const userId = current?.userId;
  if (!userId) return null;
  try {
    return (await api.openLiff(userId, uri)).url;
  } catch (cause) {
    tell(cause);
    return null;
  }
}

async function sendPlace() {
  const place = await pickPlace(sheets, tiles);
  if (place) await play({ type: "location", ...place });
}

/**
 * Says in the chat that a webhook did not arrive, once for each event.
 * @param {Delivery | null | undefined} delivery
 * @param {string | undefined} eventId
 */
function tellDelivery(delivery, eventId) {
  const { status } = delivery ?? {};
  if (!delivery || (status && status >= 200 && status < 300) || (eventId && told.has(eventId))) return;
  if (eventId) told.add(eventId);
  chat.note(deliveryText(delivery) + (delivery.redelivering ? words.delivery.again : ""));
}

/** @param {Delivery} delivery */
function deliveryText({ status, error, attempts }) {
  if (attempts === 0) return words.delivery.none;
  if (error === "timeout") return words.delivery.timeout;
  if (error === "connect") return words.delivery.connect;
  if (status) return words.delivery.status(status);
  return words.delivery.other(error ?? "");
}

/** @param {unknown} cause */
function tell(cause) {
  if (!(cause instanceof ApiError)) console.error(cause);
  const status = cause instanceof ApiError ? cause.status : -1;
  sheets.toast(status === 0 ? words.gone : words.refused(cause instanceof Error ? cause.message : String(cause)));
}

/** @param {string} name */
function showAccount(name) {
  account = name;
  accountName.textContent = name;
  accountFace.replaceChildren(avatar(name));
  chat.setAccount(name);
  showDoor();
}

function showTime() {
  statusTime.textContent = timeOf(Date.now() + clockOffset);
}

/** Strangers see an invitation in place of the composer, and those who block a way back. */
function showDoor() {
  const status = current?.status ?? "stranger";
  const friends = status === "following";
  door.hidden = friends;
  door.className = `door door--${status}`;
  composer.node.hidden = !friends;
  chat.node.classList.toggle("is-quiet", !friends);
  if (!friends) menu.clear();
  if (friends) return door.replaceChildren();
  const stranger = status === "stranger";
  const enter = button({
    class: "button button--primary button--big",
    testid: "follow",
    text: stranger ? words.stranger.follow : words.blocked.unblock,
    attrs: { disabled: current === null },
    on: { click: () => void followFrom(enter) },
  });
  if (stranger)
    door.replaceChildren(
      avatar(account),
      el("strong", { class: "door__name", text: account }),
      el("p", { text: words.stranger.text }),
      enter,
    );
  else door.replaceChildren(el("p", { text: words.blocked.text }), enter);
}

/** @param {HTMLButtonElement} pressed once is enough */
async function followFrom(pressed) {
  pressed.disabled = true;
  await follow();
  pressed.disabled = false;
}
