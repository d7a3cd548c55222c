// @ts-check
/** @file Draws one message of any kind but flex, which has its own file. */

import { button, el, icon, linkify, makePressable, paint, picture } from "./dom.js";
import { carousel, labelOf, renderFlex } from "./flex.js";
import { words } from "./words.js";

/**
 * @typedef {import("./api.js").Json} Json
 * @typedef {object} Tools
 * @property {(action: Json) => void} perform
 * @property {(what: { url: string, kind?: "image" | "video", label: string }) => void} show
 *
 * How a message sits in the chat: in a speech bubble, bare (a picture, a card), or across the whole width.
 * @typedef {{ node: HTMLElement, frame: "speech" | "bare" | "wide" }} Drawn
 */

/** Stickers are made-up ones: a package of emoji under ids that LINE lets accounts send. */
export const STICKER_PACKAGE = "446";
const FIRST_STICKER = 1988;

export const stickers = words.stickers.map(([face, name], index) => ({ face, name, stickerId: String(FIRST_STICKER + index) }));

/** @param {unknown} id any id: one that is not ours still gets a face, always the same */
function stickerOf(id) {
  const number = Number(id);
  const index = Number.isSafeInteger(number) ? number - FIRST_STICKER : 0;
  return stickers[((index % stickers.length) + stickers.length) % stickers.length];
}

/** @type {Record<string, (message: Json, tools: Tools, contentUrl: string | undefined) => Drawn>} */
const DRAW = {
  text: drawText,
  textV2: drawText,
  sticker(message) {
    const { face, name } = stickerOf(message.stickerId);
    return bare(
      el("div", { class: "sticker", text: face, attrs: { role: "img", "aria-label": `${words.message.sticker} ${name}` } }),
    );
  },
  image: drawPhoto,
  video: drawVideo,
  audio: drawAudio,
  file: (message) => speech([icon("file", 20), " ", String(message.fileName ?? words.message.file)], "media-note"),
  location: drawLocation,
  flex(message, tools) {
    const node = renderFlex(message.contents ?? {}, tools.perform);
    node.setAttribute("aria-label", String(message.altText ?? ""));
    if (!node.hasAttribute("role")) node.setAttribute("role", "group");
    return { node, frame: node.classList.contains("carousel") || node.classList.contains("bubble-card--giga") ? "wide" : "bare" };
  },
  template: drawTemplate,
  imagemap: drawImagemap,
};

/**
 * @param {Json} message
 * @param {Tools} tools
 * @param {string} [contentUrl] where the simulator keeps the bytes of what a resident sent
 * @returns {Drawn}
 */
export function renderMessage(message, tools, contentUrl) {
  const type = String(message?.type ?? "?");
  try {
    if (Object.hasOwn(DRAW, type)) return DRAW[type](message, tools, contentUrl);
  } catch (cause) {
    // One message that LINE would never have taken must not cost the rest of the chat.
    console.warn(`message of type ${type} not drawn`, cause);
  }
  return speech([words.message.unknown(type)], "media-note");
}

/**
 * @param {HTMLElement} node
 * @returns {Drawn}
 */
const bare = (node) => ({ node, frame: "bare" });

/**
 * @param {(Node | string)[]} children
 * @param {string} [kind]
 * @returns {Drawn}
 */
const speech = (children, kind = "") => ({ node: el("div", { class: `speech ${kind}` }, children), frame: "speech" });

/**
 * @param {Json} message
 * @param {Tools} tools
 */
function drawText(message, tools) {
  return speech(linkify(plainText(message), (uri) => tools.perform({ type: "uri", uri })));
}

/**
 * The text without LINE's own emoji, whose pictures are not ours to show.
 * @param {Json} message
 */
function plainText(message) {
  let text = String(message.text ?? "");
  if (message.type === "textV2") {
    return text.replace(/\{(\w{1,20})\}/g, (whole, key) => {
      const part = message.substitution?.[key];
      return part?.type === "mention" ? "@" : part?.type === "emoji" ? "" : whole;
    });
  }
  const emojis = Array.isArray(message.emojis) ? [...message.emojis] : [];
  emojis.sort((a, b) => Number(b?.index) - Number(a?.index));
  for (const { index, length = 1 } of emojis) {
    if (Number.isInteger(index)) text = text.slice(0, index) + text.slice(index + length);
  }
  return text;
}

/**
 * @param {Json} message
 * @param {Tools} tools
 * @param {string | undefined} contentUrl
 */
function drawPhoto(message, tools, contentUrl) {
  const provider = message.contentProvider ?? {};
  const large = contentUrl ?? message.originalContentUrl ?? provider.originalContentUrl;
  const small = contentUrl ?? message.previewImageUrl ?? provider.previewImageUrl ?? large;
  const node = button(
    {
      class: "photo",
      attrs: { "aria-label": words.message.enlarge },
      on: { click: () => tools.show({ url: String(large), label: words.message.picture }) },
    },
    [picture(small, { class: "photo__image", alt: words.message.picture, missing: words.message.noPicture })],
  );
  return bare(node);
}

/**
 * @param {Json} message
 * @param {Tools} tools
 * @param {string | undefined} contentUrl
 */
function drawVideo(message, tools, contentUrl) {
  const url = contentUrl ?? message.originalContentUrl;
  if (!message.previewImageUrl) return speech([icon("play", 20), " ", words.message.video], "media-note");
  const node = button(
    {
      class: "photo photo--video",
      attrs: { "aria-label": words.message.play },
      on: { click: () => tools.show({ url: String(url), kind: "video", label: words.message.video }) },
    },
    [
      picture(message.previewImageUrl, { class: "photo__image", missing: words.message.noPicture }),
      el("span", { class: "photo__play" }, [icon("play", 30)]),
    ],
  );
  return bare(node);
}

/**
 * @param {Json} message
 * @param {Tools} _tools
 * @param {string | undefined} contentUrl
 */
function drawAudio(message, _tools, contentUrl) {
  const url = contentUrl ?? message.originalContentUrl;
  if (!message.originalContentUrl) return speech([icon("sound", 20), " ", words.message.audio], "media-note");
  return speech([el("audio", { attrs: { controls: true, src: url, preload: "none" } })], "media-note");
}

/** @param {Json} message */
function drawLocation(message) {
  const lat = Number(message.latitude).toFixed(5);
  const lon = Number(message.longitude).toFixed(5);
  return bare(
    el("div", { class: "place" }, [
      el("div", { class: "place__map" }, [icon("pin", 34)]),
      el("div", { class: "place__text" }, [
        el("strong", { text: String(message.title || words.message.location) }),
        message.address ? el("span", { text: String(message.address) }) : null,
        el("span", { class: "place__coordinates", text: words.message.coordinates(lat, lon) }),
      ]),
    ]),
  );
}

/**
 * @param {Json} message
 * @param {Tools} tools
 * @returns {Drawn}
 */
function drawTemplate(message, tools) {
  const template = message.template ?? {};
  const columns = Array.isArray(template.columns) ? template.columns : [];
  /** @type {HTMLElement} */
  let node;
  if (template.type === "buttons") node = templateCard(template, template, tools);
  else if (template.type === "confirm") node = templateCard(template, template, tools);
  else if (template.type === "carousel")
    node = carousel(columns.map((/** @type {Json} */ one) => templateCard(one, template, tools)));
  else if (template.type === "image_carousel") node = carousel(columns.map((/** @type {Json} */ one) => pictureCard(one, tools)));
  else return speech([String(message.altText ?? words.message.unknown(`template ${template.type}`))], "media-note");
  node.setAttribute("aria-label", String(message.altText ?? ""));
  return { node, frame: node.classList.contains("carousel") ? "wide" : "bare" };
}

/**
 * @param {Json} card
 * @param {Json} template holds the picture's shape for all cards
 * @param {Tools} tools
 */
function templateCard(card, template, tools) {
  const url = card.thumbnailImageUrl ?? card.imageUrl;
  const node = el("div", { class: `template template--${template.type}`, attrs: { role: "group" } });
  if (url) {
    const image = picture(url, {
      class: `template__image${template.imageSize === "contain" ? " is-contained" : ""}`,
      missing: words.message.noPicture,
    });
    if (template.imageAspectRatio === "square") image.classList.add("is-square");
    if (/^#[0-9a-f]{6}$/i.test(card.imageBackgroundColor ?? "")) paint(image, { "background-color": card.imageBackgroundColor });
    node.append(image);
  }
  const text = el("div", { class: "template__text" }, [
    card.title ? el("strong", { class: "template__title", text: String(card.title) }) : null,
    el("span", { text: String(card.text ?? "") }),
  ]);
  const actions = (Array.isArray(card.actions) ? card.actions : []).map((/** @type {Json} */ action) =>
    button({ class: "template__action", text: labelOf(action), on: { click: () => tools.perform(action) } }),
  );
  if (card.defaultAction) makePressable(text, labelOf(card.defaultAction), () => tools.perform(card.defaultAction));
  node.append(text, el("div", { class: "template__actions" }, actions));
  return node;
}

/**
 * @param {Json} column
 * @param {Tools} tools
 */
function pictureCard(column, tools) {
  const action = column.action ?? {};
  return button({ class: "template template--picture", on: { click: () => tools.perform(action) } }, [
    picture(column.imageUrl, { class: "template__image is-square", missing: words.message.noPicture }),
    action.label ? el("span", { class: "template__label", text: String(action.label) }) : null,
  ]);
}

/**
 * @param {Json} message
 * @param {Tools} tools
 * @returns {Drawn}
 */
function drawImagemap(message, tools) {
  const width = Number(message.baseSize?.width) || 1040;
  const height = Number(message.baseSize?.height) || 1040;
  const node = el("div", { class: "imagemap", style: { "aspect-ratio": `${width} / ${height}` } }, [
    picture(`${message.baseUrl}/1040`, {
      class: "imagemap__image",
      alt: String(message.altText ?? ""),
      missing: String(message.altText ?? words.message.noPicture),
    }),
  ]);
  for (const action of Array.isArray(message.actions) ? message.actions : []) {
    node.append(
      tapArea(action.area ?? {}, { width, height }, String(action.label ?? action.text ?? action.linkUri ?? ""), () =>
        tools.perform(imagemapAction(action)),
      ),
    );
  }
  return bare(node);
}

/** @param {Json} action an imagemap names its address otherwise than every other action */
const imagemapAction = (action) => (action.type === "uri" ? { type: "uri", uri: action.linkUri } : action);

/**
 * A transparent button over a part of a picture, scaled with it.
 * @param {Json} area
 * @param {{ width: number, height: number }} base
 * @param {string} label
 * @param {() => void} run
 * @param {string} [testid]
 */
export function tapArea(area, base, label, run, testid) {
  const share = (/** @type {unknown} */ part, /** @type {number} */ whole) => `${((Number(part) || 0) / whole) * 100}%`;
  return button({
    class: "tap-area",
    testid,
    attrs: { "aria-label": label },
    style: {
      left: share(area.x, base.width),
      top: share(area.y, base.height),
      width: share(area.width, base.width),
      height: share(area.height, base.height),
    },
    on: { click: run },
  });
}
