// @ts-check
/** @file What happens when a resident taps: each kind of action that a message or menu can carry. */

import { el } from "./dom.js";
import { words } from "./words.js";

/**
 * @typedef {import("./api.js").Json} Json
 * @typedef {object} Hands what an action may move
 * @property {import("./sheet.js").Sheets} sheets
 * @property {(event: Json) => void} play
 * @property {(richMenuAliasId: string, data: string | undefined) => void} switchMenu
 * @property {(open: "open" | "closed") => void} setMenu
 * @property {(text: string) => void} fillIn
 * @property {() => void} pickPhoto
 * @property {() => void} takePhoto
 * @property {() => void} pickLocation
 * @property {(uri: string) => Promise<string | null>} openLiff the page that a link of the LIFF app opens for this resident
 */

/** Where LIFF apps are opened. */
const LIFF = "https://liff.line.me/";

/** @type {Record<string, (action: Json, hands: Hands) => void>} */
const PERFORM = {
  message: (action, hands) => hands.play({ type: "text", text: String(action.text ?? action.label ?? "") }),
  postback: performPostback,
  uri: (action, hands) => void openAddress(String(action.uri ?? ""), hands),
  datetimepicker: (action, hands) => void pickTime(action, hands),
  camera: (_action, hands) => hands.takePhoto(),
  cameraRoll: (_action, hands) => hands.pickPhoto(),
  location: (_action, hands) => hands.pickLocation(),
  richmenuswitch: (action, hands) => hands.switchMenu(String(action.richMenuAliasId ?? ""), action.data),
  clipboard: (action, hands) => void copy(String(action.clipboardText ?? ""), hands.sheets),
  video: (action, hands) => hands.sheets.show({ url: String(action.url ?? ""), kind: "video", label: words.message.video }),
};

/**
 * @param {Json} action
 * @param {Hands} hands
 */
export function perform(action, hands) {
  if (Object.hasOwn(PERFORM, String(action?.type))) PERFORM[action.type](action, hands);
  else hands.sheets.toast(words.action.unknown(String(action?.type)));
}

/**
 * @param {Json} action
 * @param {Hands} hands
 */
function performPostback(action, hands) {
  hands.play({ type: "postback", data: String(action.data ?? ""), displayText: action.displayText ?? action.text });
  if (action.inputOption === "openRichMenu") hands.setMenu("open");
  else if (action.inputOption === "closeRichMenu") hands.setMenu("closed");
  else if (action.inputOption === "openKeyboard") hands.fillIn(String(action.fillInText ?? ""));
}

/**
 * Shows an address, and opens it when the person agrees.
 * @param {string} uri
 * @param {Hands} hands
 */
async function openAddress(uri, { sheets, openLiff }) {
  const address = el("p", { class: "address", text: uri, testid: "address" });
  if (/^tel:/i.test(uri)) {
    await sheets.ask({
      title: words.action.telTitle,
      body: [
        el("p", { class: "address address--tel", text: uri.slice(4), testid: "address" }),
        el("p", { text: words.action.telText }),
      ],
      buttons: [],
    });
  } else if (/^https?:\/\//i.test(uri)) {
    const open = await sheets.ask({
      title: words.action.uriTitle,
      body: [address],
      buttons: [{ label: words.action.uriOpen, value: () => true }],
    });
    const page = open && uri.startsWith(LIFF) ? await openLiff(uri) : uri;
    if (open && page) window.open(page, "_blank", "noopener,noreferrer");
  } else if (/^line:/i.test(uri)) {
    await sheets.ask({ title: words.action.uriTitle, body: [address, el("p", { text: words.action.inside })], buttons: [] });
  } else {
    sheets.toast(words.action.unsafe);
  }
}

/** LINE's modes and the browser's fields for them. */
const FIELDS = { date: "date", time: "time", datetime: "datetime-local" };

/**
 * @param {Json} action
 * @param {Hands} hands
 */
async function pickTime(action, hands) {
  const mode = /** @type {keyof typeof FIELDS} */ (String(action.mode) in FIELDS ? action.mode : "date");
  const plain = (/** @type {unknown} */ value) => (typeof value === "string" ? value.replace("t", "T") : null);
  const field = el("input", {
    class: "field",
    testid: "datetime",
    attrs: {
      type: FIELDS[mode],
      value: plain(action.initial),
      min: plain(action.min),
      max: plain(action.max),
      required: true,
      "aria-label": words.action[mode],
      "data-focus": true,
    },
  });
  const picked = await hands.sheets.ask({
    title: words.action[mode],
    body: [field],
    buttons: [{ label: words.ok, value: () => (field.reportValidity() ? field.value : undefined) }],
  });
  if (picked)
    hands.play({
      type: "postback",
      data: String(action.data ?? ""),
      displayText: action.displayText,
      params: { [mode]: picked },
    });
}

/**
 * @param {string} text
 * @param {import("./sheet.js").Sheets} sheets
 */
export async function copy(text, sheets) {
  try {
    await navigator.clipboard.writeText(text);
    sheets.toast(words.action.copied);
  } catch {
    sheets.toast(words.action.copyFailed);
  }
}
