// @ts-check
/** @file Draws flex messages: bubbles and carousels of nested boxes. */

import { el, makePressable, paint, picture } from "./dom.js";
import { words } from "./words.js";

/** @typedef {import("./api.js").Json} Json */
/** @typedef {(action: Json) => void} Perform */

/** Pixels for LINE's size words. Source: the flex message elements pages of LINE Developers. */
const SPACE = { none: "0px", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const FONT = {
  xxs: "11px",
  xs: "13px",
  sm: "14px",
  md: "16px",
  lg: "19px",
  xl: "22px",
  xxl: "29px",
  "3xl": "35px",
  "4xl": "48px",
  "5xl": "74px",
};
const IMAGE = {
  xxs: "40px",
  xs: "60px",
  sm: "80px",
  md: "100px",
  lg: "120px",
  xl: "140px",
  xxl: "160px",
  "3xl": "180px",
  "4xl": "200px",
  "5xl": "220px",
  full: "100%",
};
const BORDER = { none: "0px", light: "0.5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" };
const BUBBLE = { nano: "120px", micro: "160px", deca: "220px", hecto: "241px", kilo: "260px", mega: "300px", giga: "386px" };
const ALIGN = { start: "flex-start", center: "center", end: "flex-end" };
const GRAVITY = { top: "flex-start", center: "center", bottom: "flex-end" };

/** Deeper boxes than any real message has; a loop of a broken generator ends here. */
const MAX_DEPTH = 24;

/**
 * @param {unknown} value
 * @param {Record<string, string>} [scale]
 * @returns {string} a CSS length, or nothing
 */
function length(value, scale = SPACE) {
  if (typeof value !== "string") return "";
  return scale[value] ?? (/^-?\d+(\.\d+)?(px|%)$/.test(value) ? value : "");
}

/** @param {unknown} value */
const color = (value) => (typeof value === "string" && /^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(value) ? value : "");

/**
 * @param {unknown} value such as "20:13"
 * @returns {string}
 */
function ratio(value) {
  const match = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(typeof value === "string" ? value : "");
  return match ? `${match[1]} / ${match[2]}` : "";
}

/**
 * @param {Json} contents the bubble or carousel
 * @param {Perform} perform
 * @returns {HTMLElement}
 */
export function renderFlex(contents, perform) {
  if (contents?.type !== "carousel") return renderBubble(contents ?? {}, perform);
  const bubbles = (contents.contents ?? []).map((/** @type {Json} */ one) => renderBubble(one, perform));
  return carousel(bubbles);
}

/**
 * A row that scrolls sideways and stops at each card.
 * @param {HTMLElement[]} cards
 */
export function carousel(cards) {
  const row = el(
    "div",
    { class: "carousel", attrs: { tabindex: "0", role: "group", "aria-label": words.message.carousel } },
    cards,
  );
  row.addEventListener("keydown", (event) => {
    if (event.target !== row || (event.key !== "ArrowRight" && event.key !== "ArrowLeft")) return;
    event.preventDefault();
    row.scrollBy({ left: event.key === "ArrowRight" ? 240 : -240 });
  });
  dragToScroll(row);
  return row;
}

/**
 * Lets a mouse drag a row as a finger does; a drag is not a tap.
 * @param {HTMLElement} row
 */
export function dragToScroll(row) {
  let start = 0;
  let from = 0;
  let dragged = false;
  row.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    start = event.clientX;
    from = row.scrollLeft;
    const move = (/** @type {PointerEvent} */ at) => {
      if (Math.abs(at.clientX - start) > 5) {
        dragged = true;
        row.classList.add("is-dragged");
      }
      if (dragged) row.scrollLeft = from - (at.clientX - start);
    };
    const up = () => {
      removeEventListener("pointermove", move);
      row.classList.remove("is-dragged");
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up, { once: true });
    addEventListener("pointercancel", up, { once: true });
  });
  row.addEventListener(
    "click",
    (event) => {
      if (!dragged) return;
      dragged = false;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
}

/**
 * @param {Json} bubble
 * @param {Perform} perform
 */
function renderBubble(bubble, perform) {
  const size = typeof bubble.size === "string" && bubble.size in BUBBLE ? bubble.size : "mega";
  const node = el("div", {
    class: `bubble-card bubble-card--${size}`,
    attrs: { dir: bubble.direction === "rtl" ? "rtl" : null },
  });
  paint(node, { "--bubble-width": BUBBLE[/** @type {keyof typeof BUBBLE} */ (size)] });
  let first = true;
  for (const part of /** @type {const} */ (["header", "hero", "body", "footer"])) {
    const content = bubble[part];
    if (!content || typeof content !== "object") continue;
    const style = bubble.styles?.[part] ?? {};
    const block = el("div", { class: `bubble-card__${part}` });
    paint(block, { "background-color": color(style.backgroundColor) });
    if (style.separator === true && !first) {
      block.classList.add("has-separator");
      paint(block, { "border-top-color": color(style.separatorColor) });
    }
    const drawn = component(content, { perform, layout: "vertical", depth: 0 });
    // The block's own padding gives way to the one that the box names.
    if (content.type === "box") drawn.classList.add("bubble-card__box");
    block.append(drawn);
    node.append(block);
    first = false;
  }
  if (bubble.footer) node.classList.add("has-footer");
  if (bubble.action) makePressable(node, labelOf(bubble.action), () => perform(bubble.action));
  return node;
}

/** @param {Json} action */
export const labelOf = (action) => String(action?.label || action?.displayText || action?.text || action?.uri || "");

/** @typedef {{ perform: Perform, layout: string, depth: number }} Place where a component stands: its parent's layout */

/** @type {Record<string, (part: Json, place: Place) => HTMLElement>} */
const DRAW = {
  box: drawBox,
  text: drawText,
  button: drawButton,
  image: drawImage,
  icon: drawIcon,
  separator: drawSeparator,
  video: drawVideo,
  filler: () => el("div", { class: "flex-filler" }),
  spacer: (part) =>
    el("div", { class: "flex-spacer", style: { "flex-basis": length(part.size ?? "md"), height: length(part.size ?? "md") } }),
};

/**
 * @param {Json} part
 * @param {Place} place
 * @returns {HTMLElement}
 */
function component(part, place) {
  const draw = Object.hasOwn(DRAW, String(part?.type)) ? DRAW[part.type] : null;
  if (!draw || place.depth > MAX_DEPTH)
    return el("div", { class: "flex-unknown", text: words.message.unknownPart(String(part?.type)) });
  const node = draw(part, place);
  node.classList.add("flex-part");
  if (place.depth > 0) grow(node, part, place.layout);
  position(node, part);
  if (part.action && part.type !== "button") makePressable(node, labelOf(part.action), () => place.perform(part.action));
  return node;
}

/**
 * How much of the row (or column) a component takes: by default all alike in a row, as high as needed in a column.
 * @param {HTMLElement} node
 * @param {Json} part
 * @param {string} layout
 */
function grow(node, part, layout) {
  const row = layout !== "vertical";
  if (part.type === "filler") return paint(node, { flex: `${part.flex ?? 1} 1 0` });
  if (part.type === "separator" || part.type === "spacer") return;
  const fixed = part.type === "icon" || (part.type === "box" && part[row ? "width" : "height"]);
  const share = typeof part.flex === "number" ? part.flex : row && !fixed ? 1 : 0;
  if (row) paint(node, { flex: share > 0 ? `${share} ${share} 0` : part.type === "text" ? "0 1 auto" : "0 0 auto" });
  else paint(node, { flex: share > 0 ? `${share} 0 auto` : "0 0 auto" });
}

/**
 * @param {HTMLElement} node
 * @param {Json} part
 */
function position(node, part) {
  const offsets = [part.offsetTop, part.offsetBottom, part.offsetStart, part.offsetEnd];
  if (part.position !== "absolute" && offsets.every((offset) => offset === undefined)) return;
  paint(node, {
    position: part.position === "absolute" ? "absolute" : "relative",
    top: length(part.offsetTop),
    bottom: length(part.offsetBottom),
    "inset-inline-start": length(part.offsetStart),
    "inset-inline-end": length(part.offsetEnd),
  });
}

/**
 * @param {Json} box
 * @param {Place} place
 */
function drawBox(box, place) {
  const layout = box.layout === "horizontal" || box.layout === "baseline" ? box.layout : "vertical";
  const node = el("div", { class: `flex-box flex-box--${layout}` });
  paint(node, {
    "background-color": color(box.backgroundColor),
    "background-image": gradient(box.background),
    width: length(box.width),
    "max-width": length(box.maxWidth),
    height: length(box.height),
    "max-height": length(box.maxHeight),
    padding: length(box.paddingAll),
    "padding-top": length(box.paddingTop),
    "padding-bottom": length(box.paddingBottom),
    "padding-inline-start": length(box.paddingStart),
    "padding-inline-end": length(box.paddingEnd),
    "border-radius": length(box.cornerRadius),
    "justify-content": keyword(box.justifyContent),
    "align-items": layout === "baseline" ? "" : keyword(box.alignItems),
  });
  if (box.cornerRadius) node.classList.add("is-clipped");
  const border = length(box.borderWidth, BORDER);
  if (border && border !== "0px") paint(node, { border: `${border} solid ${color(box.borderColor) || "#d4d6da"}` });
  let first = true;
  for (const part of (Array.isArray(box.contents) ? box.contents : []).filter(Boolean)) {
    const child = component(part, { perform: place.perform, layout, depth: place.depth + 1 });
    if (part.position !== "absolute") {
      // A component's margin is the gap to the one before it, and wins over the box's spacing.
      const gap = first || part.type === "filler" ? "" : length(part.margin ?? box.spacing);
      paint(child, { [layout === "vertical" ? "margin-top" : "margin-inline-start"]: gap });
      first = false;
    }
    if (layout === "horizontal")
      paint(child, { "align-self": GRAVITY[/** @type {keyof typeof GRAVITY} */ (part.gravity)] ?? "" });
    node.append(child);
  }
  return node;
}

/** @param {unknown} value */
const keyword = (value) =>
  typeof value === "string" && /^(flex-start|flex-end|center|space-(between|around|evenly))$/.test(value) ? value : "";

/** @param {Json | undefined} background */
function gradient(background) {
  if (background?.type !== "linearGradient") return "";
  const angle = /^\d+(\.\d+)?deg$/.test(background.angle ?? "") ? background.angle : "0deg";
  const centre = color(background.centerColor);
  const at = /^\d+(\.\d+)?%$/.test(background.centerPosition ?? "") ? background.centerPosition : "50%";
  const stops = [color(background.startColor), centre && `${centre} ${at}`, color(background.endColor)].filter(Boolean);
  return stops.length > 1 ? `linear-gradient(${angle}, ${stops.join(", ")})` : "";
}

/** @param {Json} text */
function letters(text) {
  return {
    "font-size": length(text.size, FONT),
    color: color(text.color),
    "font-weight": text.weight === "bold" ? "700" : text.weight === "regular" ? "400" : "",
    "font-style": text.style === "italic" ? "italic" : text.style === "normal" ? "normal" : "",
    "text-decoration": text.decoration === "underline" ? "underline" : text.decoration === "line-through" ? "line-through" : "",
  };
}

/** @param {Json} text */
function drawText(text) {
  const node = el("div", { class: `flex-text${text.wrap === true ? " is-wrapped" : ""}` });
  const inner = el("span", { class: "flex-text__inner" });
  if (Array.isArray(text.contents) && text.contents.length > 0) {
    for (const span of text.contents) {
      const piece = el("span", { text: String(span?.text ?? "") });
      paint(piece, letters(span ?? {}));
      inner.append(piece);
    }
  } else {
    inner.textContent = String(text.text ?? "");
  }
  node.append(inner);
  paint(node, { ...letters({ size: "md", ...text }), "text-align": keywordOf(text.align, ["start", "center", "end"]) });
  if (typeof text.lineSpacing === "string" && length(text.lineSpacing))
    paint(node, { "line-height": `calc(1.4em + ${length(text.lineSpacing)})` });
  if (text.wrap === true && Number.isInteger(text.maxLines) && text.maxLines > 0) {
    inner.classList.add("is-clamped");
    paint(inner, { "-webkit-line-clamp": String(text.maxLines) });
  }
  return node;
}

/**
 * @param {unknown} value
 * @param {string[]} allowed
 */
const keywordOf = (value, allowed) => (typeof value === "string" && allowed.includes(value) ? value : "");

/**
 * @param {Json} part
 * @param {Place} place
 */
function drawButton(part, place) {
  const style = keywordOf(part.style, ["primary", "secondary", "link"]) || "link";
  const node = el(
    "button",
    { class: `flex-button flex-button--${style}${part.height === "sm" ? " is-small" : ""}`, attrs: { type: "button" } },
    [el("span", { class: "flex-button__label", text: labelOf(part.action) })],
  );
  paint(node, { [style === "link" ? "color" : "background-color"]: color(part.color) });
  node.addEventListener("click", (event) => {
    event.stopPropagation();
    place.perform(part.action ?? {});
  });
  return node;
}

/** @param {Json} part */
function drawImage(part) {
  const image = picture(part.url, {
    class: `flex-image__picture${part.aspectMode === "cover" ? " is-cover" : ""}`,
    missing: words.message.noPicture,
  });
  const frame = el("div", { class: "flex-image__frame" }, [image]);
  paint(frame, {
    width: length(part.size ?? "md", IMAGE),
    "aspect-ratio": ratio(part.aspectRatio) || "1 / 1",
    "background-color": color(part.backgroundColor),
  });
  const node = el("div", { class: "flex-image" }, [frame]);
  paint(node, { "justify-content": ALIGN[/** @type {keyof typeof ALIGN} */ (part.align)] ?? "center" });
  return node;
}

/** @param {Json} part */
function drawIcon(part) {
  const node = el("div", { class: "flex-icon" }, [picture(part.url, { class: "flex-icon__picture", missing: "" })]);
  const size = length(part.size ?? "md", FONT);
  paint(node, { height: size, "aspect-ratio": ratio(part.aspectRatio) || "1 / 1" });
  return node;
}

/**
 * @param {Json} part
 * @param {Place} place
 */
function drawSeparator(part, place) {
  const node = el("div", {
    class: `flex-separator flex-separator--${place.layout === "vertical" ? "across" : "down"}`,
    attrs: { role: "separator" },
  });
  paint(node, { "background-color": color(part.color) });
  return node;
}

/**
 * A film in a hero block is shown by its preview picture, which plays on a tap.
 * @param {Json} part
 * @param {Place} place
 */
function drawVideo(part, place) {
  const node = drawImage({ url: part.previewUrl, size: "full", aspectRatio: part.aspectRatio ?? "16:9", aspectMode: "cover" });
  node.classList.add("flex-video");
  makePressable(node, words.message.play, () => place.perform({ type: "video", url: part.url }));
  return node;
}
