// @ts-check
/** @file The rich menu under the chat: a picture with buttons on it, and the bar that opens and closes it. */

import { button, el, icon, picture } from "./dom.js";
import { labelOf } from "./flex.js";
import { tapArea } from "./message.js";
import { words } from "./words.js";

/** @typedef {import("./api.js").Json} Json */

export class RichMenu {
  /** @type {Json | null} */
  #menu = null;
  #open = false;

  /** @param {(action: Json) => void} perform */
  constructor(perform) {
    this.perform = perform;
    this.label = el("span");
    this.arrow = el("span", { class: "menu__arrow" });
    this.toggle = button(
      { class: "menu__bar", testid: "richmenu-toggle", on: { click: () => this.setOpen(this.#open ? "closed" : "open") } },
      [icon("menu", 18), this.label, this.arrow],
    );
    this.sheet = el("div", { class: "menu__sheet", attrs: { id: "rich-menu" } });
    this.toggle.setAttribute("aria-controls", "rich-menu");
    this.node = el("div", { class: "menu", attrs: { hidden: true, role: "region", "aria-label": words.menu.label } }, [
      this.toggle,
      this.sheet,
    ]);
  }

  /**
   * Shows this menu. A change of tab keeps it open; another menu opens as the menu itself says.
   * @param {import("./api.js").Menu} menu
   */
  set({ richMenu, imageUrl }) {
    const had = this.#menu !== null;
    const same = this.#menu?.richMenuId === richMenu?.richMenuId;
    this.#menu = richMenu;
    this.node.hidden = richMenu === null;
    if (!richMenu || (same && had)) return;
    const size = { width: Number(richMenu.size?.width) || 2500, height: Number(richMenu.size?.height) || 1686 };
    const areas = (Array.isArray(richMenu.areas) ? richMenu.areas : []).map(
      (/** @type {Json} */ area, /** @type {number} */ index) => {
        const label = labelOf(area.action) || words.menu.area(index + 1);
        const node = tapArea(area.bounds ?? {}, size, label, () => this.perform(area.action ?? {}), "richmenu-area");
        // Seen only where the menu has no picture.
        node.append(el("span", { class: "tap-area__label", text: label }));
        return node;
      },
    );
    const image = picture(imageUrl, { class: "menu__image", missing: "" });
    const canvas = el("div", { class: "menu__canvas", style: { "aspect-ratio": `${size.width} / ${size.height}` } }, [
      image,
      ...areas,
    ]);
    this.sheet.replaceChildren(canvas);
    this.label.textContent = String(richMenu.chatBarText || words.menu.label);
    this.setOpen(had ? (this.#open ? "open" : "closed") : richMenu.selected === false ? "closed" : "open");
  }

  clear() {
    this.#menu = null;
    this.node.hidden = true;
    this.sheet.replaceChildren();
  }

  /** @param {"open" | "closed"} state */
  setOpen(state) {
    this.#open = state === "open";
    this.sheet.hidden = !this.#open;
    const text = String(this.#menu?.chatBarText || words.menu.label);
    this.toggle.setAttribute("aria-expanded", String(this.#open));
    this.toggle.setAttribute("aria-label", this.#open ? words.menu.close(text) : words.menu.open(text));
    this.arrow.replaceChildren(icon(this.#open ? "down" : "up", 18));
  }
}
