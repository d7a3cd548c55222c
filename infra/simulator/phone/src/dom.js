// @ts-check
/** @file Builds DOM nodes from data as text, never as markup, so nothing a message holds can become code. */

/**
 * @typedef {object} Options
 * @property {string} [class]
 * @property {string} [text]
 * @property {string} [testid] becomes `data-testid`, which the browser tests hold on to
 * @property {Record<string, string | number | boolean | null | undefined>} [attrs]
 * @property {Record<string, (event: any) => void>} [on]
 * @property {Record<string, string>} [style] set through the CSSOM, which a strict content policy allows
 */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Options} [options]
 * @param {(Node | string | null | undefined)[]} [children]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, options = {}, children = []) {
  const node = document.createElement(tag);
  if (options.class) node.className = options.class;
  if (options.text !== undefined) node.textContent = options.text;
  if (options.testid) node.dataset.testid = options.testid;
  for (const [name, value] of Object.entries(options.attrs ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [name, listener] of Object.entries(options.on ?? {})) node.addEventListener(name, listener);
  if (options.style) paint(node, options.style);
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
}

/**
 * Sets style properties; empty values are left out.
 * @param {HTMLElement} node
 * @param {Record<string, string | undefined>} style names as in CSS, with hyphens
 */
export function paint(node, style) {
  for (const [name, value] of Object.entries(style)) if (value) node.style.setProperty(name, value);
}

/**
 * A `<button>` that submits nothing.
 * @param {Options} options
 * @param {(Node | string | null)[]} [children]
 */
export function button(options, children = []) {
  return el("button", { ...options, attrs: { type: "button", ...options.attrs } }, children);
}

const SVG = "http://www.w3.org/2000/svg";

/** Outline icons on a 24 by 24 grid, drawn for this page. */
const ICONS = {
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-8-5 16-3.5-6.5L4 12zM11.5 13.5L20 4",
  down: "M6 9l6 6 6-6",
  up: "M6 15l6-6 6 6",
  back: "M15 5l-7 7 7 7",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6M16 4.5a3.3 3.3 0 0 1 0 6.2M18 14.5c2 .8 3.2 2.7 3.5 5.5",
  log: "M5 4h14v16H5zM8.5 9h7M8.5 13h7M8.5 17h4",
  pin: "M12 21s7-6.3 7-11.5A7 7 0 0 0 5 9.5C5 14.7 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9.5h.01",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14c1 1.5 2.1 2.2 3.5 2.2s2.5-.7 3.5-2.2M9 9.5h.01M15 9.5h.01",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
  target: "M12 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM12 3v4M12 17v4M3 12h4M17 12h4",
  play: "M8 5.5v13l11-6.5z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  sound: "M5 10v4h3l5 4V6l-5 4zM16.5 9a4 4 0 0 1 0 6",
  menu: "M4 7h16M4 12h16M4 17h16",
  warning: "M12 4l9 16H3zM12 10v4.5M12 17.5h.01",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 16.5a3.2 3.2 0 1 0 0-6.5 3.2 3.2 0 0 0 0 6.5z",
};

/** @typedef {keyof typeof ICONS} IconName */

/**
 * @param {IconName} name
 * @param {number} [size] in pixels
 */
export function icon(name, size = 22) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", String(size));
  svg.setAttribute("height", String(size));
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * The text with its web addresses as links; a tap hands the address to `open`.
 * @param {string} text
 * @param {(uri: string) => void} open
 * @returns {(Node | string)[]}
 */
export function linkify(text, open) {
  const parts = text.split(/(https?:\/\/[^\s<>"'、。，「」（）]+)/);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    return el("a", {
      text: part,
      attrs: { href: part, rel: "noopener noreferrer", target: "_blank" },
      on: {
        click(event) {
          event.preventDefault();
          open(part);
        },
      },
    });
  });
}

/**
 * A picture that says so when it cannot be shown.
 * @param {unknown} url
 * @param {{ class?: string, alt?: string, missing: string }} options
 * @returns {HTMLElement}
 */
export function picture(url, options) {
  const missing = () => el("span", { class: `${options.class ?? ""} picture--missing`, text: options.missing });
  const address = typeof url === "string" ? url : "";
  if (!/^(https?:\/\/|\/)/.test(address)) return missing();
  const image = el("img", {
    class: options.class,
    attrs: { src: address, alt: options.alt ?? "", draggable: "false", decoding: "async", referrerpolicy: "no-referrer" },
  });
  image.addEventListener("error", () => image.replaceWith(missing()), { once: true });
  return image;
}

/**
 * Makes any element work as a button, for the parts of a message that carry an action.
 * @param {HTMLElement} node
 * @param {string} label read out when the element has no text of its own
 * @param {() => void} run
 */
export function makePressable(node, label, run) {
  node.classList.add("pressable");
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  if (!node.textContent?.trim() && label) node.setAttribute("aria-label", label);
  node.addEventListener("click", (event) => {
    event.stopPropagation();
    run();
  });
  node.addEventListener("keydown", (event) => {
    if (event.target !== node || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    run();
  });
}
