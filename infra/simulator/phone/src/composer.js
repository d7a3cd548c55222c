// @ts-check
/** @file The row to write in, and the tray of other things to send. */

import { button, el, icon } from "./dom.js";
import { STICKER_PACKAGE, stickers } from "./message.js";
import { inSets, jpeg, prepare, sampleCanvases } from "./photo.js";
import { words } from "./words.js";

/**
 * @typedef {import("./api.js").Json} Json
 * @typedef {object} Uses
 * @property {(event: Json) => Promise<boolean>} play says whether the simulator took it
 * @property {() => void} pickLocation
 * @property {(text: string) => void} toast
 * @property {() => void} opened called when the tray or a keyboard takes the lower part of the screen
 */

/** As long as LINE lets a text be. */
const MAX_TEXT = 5000;

export class Composer {
  /** @type {"" | "home" | "sticker" | "photo" | "other"} */
  #tray = "";

  /** @param {Uses} uses */
  constructor(uses) {
    this.uses = uses;
    this.field = el("textarea", {
      class: "composer__field",
      testid: "composer",
      attrs: {
        rows: 1,
        maxlength: MAX_TEXT,
        placeholder: words.composer.placeholder,
        "aria-label": words.composer.field,
        enterkeyhint: "send",
        autocomplete: "off",
      },
    });
    this.sendButton = button(
      {
        class: "composer__send",
        testid: "send",
        attrs: { "aria-label": words.composer.send, disabled: true },
        on: { click: () => void this.#send() },
      },
      [icon("send", 22)],
    );
    this.plus = button(
      {
        class: "composer__plus",
        testid: "plus",
        attrs: { "aria-label": words.composer.plus, "aria-expanded": "false" },
        on: { click: () => this.showTray(this.#tray ? "" : "home") },
      },
      [icon("plus", 24)],
    );
    this.tray = el("div", { class: "tray", attrs: { hidden: true } });
    this.files = this.#fileField({ multiple: "" });
    // On a phone this opens the camera; elsewhere it is the same choice of a file.
    this.camera = this.#fileField({ capture: "environment" });
    this.node = el("div", { class: "composer" }, [
      el("div", { class: "composer__row" }, [this.plus, this.field, this.sendButton]),
      this.tray,
      this.files,
      this.camera,
    ]);
    this.#listen();
  }

  /** @param {Record<string, string>} attrs */
  #fileField(attrs) {
    const field = el("input", {
      class: "file-field",
      testid: attrs.capture ? "camera-file" : "photo-file",
      attrs: { type: "file", accept: "image/*", tabindex: "-1", "aria-hidden": "true", ...attrs },
    });
    field.addEventListener("change", () => {
      const files = [...(field.files ?? [])];
      field.value = "";
      if (files.length > 0) void this.#sendPhotos(files);
    });
    return field;
  }

  #listen() {
    this.field.addEventListener("input", () => this.#fit());
    this.field.addEventListener("focus", () => {
      this.showTray("");
      // A phone's own keyboard takes the room of the menu.
      if (matchMedia("(pointer: coarse)").matches) this.uses.opened();
    });
    this.field.addEventListener("keydown", (event) => {
      // While a Japanese input method composes, Enter chooses a word (229 is what older engines say then).
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      void this.#send();
    });
  }

  #fit() {
    this.sendButton.disabled = this.field.value.trim() === "";
    this.field.style.setProperty("height", "auto");
    this.field.style.setProperty("height", `${this.field.scrollHeight}px`);
  }

  /** @param {string} text */
  fillIn(text) {
    this.field.value = text;
    this.#fit();
    this.field.focus();
  }

  clear() {
    this.field.value = "";
    this.#fit();
    this.showTray("");
  }

  async #send() {
    const text = this.field.value;
    if (text.trim() === "") return;
    this.field.value = "";
    this.#fit();
    const taken = await this.uses.play({ type: "text", text });
    // What could not be sent is given back, unless the person already writes something new.
    if (!taken && this.field.value === "") {
      this.field.value = text;
      this.#fit();
    }
  }

  pickPhoto() {
    this.files.click();
  }

  takePhoto() {
    this.camera.click();
  }

  /**
   * Sends photos together: the account hears of them one by one, in any order.
   * @param {Blob[]} files
   */
  async #sendPhotos(files) {
    this.showTray("");
    const photos = [];
    for (const file of files) {
      try {
        photos.push(await prepare(file));
      } catch {
        this.uses.toast(words.composer.photoFailed);
      }
    }
    for (const photo of inSets(photos)) await this.uses.play({ type: "image", ...photo });
  }

  /** @param {"" | "home" | "sticker" | "photo" | "other"} name */
  showTray(name) {
    if (name === this.#tray) return;
    const inside = this.tray.contains(document.activeElement);
    this.#tray = name;
    this.tray.hidden = name === "";
    this.plus.setAttribute("aria-expanded", String(name !== ""));
    this.plus.classList.toggle("is-open", name !== "");
    const draw = {
      "": () => [],
      home: () => this.#home(),
      sticker: () => this.#stickers(),
      photo: () => this.#photos(),
      other: () => this.#others(),
    };
    this.tray.replaceChildren(...draw[name]());
    if (name) this.uses.opened();
    if (inside) (name ? this.tray.querySelector("button") : this.plus)?.focus();
  }

  #home() {
    const choice = (
      /** @type {import("./dom.js").IconName} */ face,
      /** @type {string} */ text,
      /** @type {string} */ testid,
      /** @type {() => void} */ run,
    ) =>
      button({ class: "tray__choice", testid, on: { click: run } }, [
        el("span", { class: `tray__icon tray__icon--${face}` }, [icon(face, 26)]),
        text,
      ]);
    return [
      el("div", { class: "tray__home" }, [
        choice("photo", words.composer.photo, "tray-photo", () => this.showTray("photo")),
        choice("pin", words.composer.location, "tray-location", () => {
          this.showTray("");
          this.uses.pickLocation();
        }),
        choice("smile", words.composer.sticker, "tray-sticker", () => this.showTray("sticker")),
        choice("more", words.composer.other, "tray-other", () => this.showTray("other")),
      ]),
    ];
  }

  /** @param {string} title */
  #heading(title) {
    return el("div", { class: "tray__heading" }, [
      button({ class: "tray__back", attrs: { "aria-label": words.back }, on: { click: () => this.showTray("home") } }, [
        icon("back", 20),
      ]),
      el("span", { text: title }),
    ]);
  }

  #stickers() {
    const faces = stickers.map(({ face, name, stickerId }) =>
      button({
        class: "tray__sticker",
        text: face,
        testid: "sticker",
        attrs: { "aria-label": name },
        on: {
          click: () => {
            this.showTray("");
            void this.uses.play({ type: "sticker", packageId: STICKER_PACKAGE, stickerId });
          },
        },
      }),
    );
    return [this.#heading(words.composer.sticker), el("div", { class: "tray__stickers" }, faces)];
  }

  #photos() {
    const samples = sampleCanvases().map((canvas, index) => {
      canvas.className = "tray__picture";
      const name = words.composer.samples[index];
      return button(
        {
          class: "tray__sample",
          testid: "sample-photo",
          attrs: { "aria-label": `${words.composer.photoSample} ${name}` },
          on: { click: async () => this.#sendPhotos([await jpeg(canvas)]) },
        },
        [canvas, el("span", { text: name })],
      );
    });
    const all = button({
      class: "button tray__file",
      testid: "sample-photos",
      text: words.composer.photoAll,
      on: { click: async () => this.#sendPhotos(await Promise.all(sampleCanvases().map((canvas) => jpeg(canvas)))) },
    });
    return [
      this.#heading(words.composer.photoTitle),
      button({
        class: "button button--primary tray__file",
        testid: "choose-photo",
        text: words.composer.photoFile,
        on: { click: () => this.pickPhoto() },
      }),
      el("div", { class: "tray__caption", text: words.composer.photoSample }),
      el("div", { class: "tray__samples" }, samples),
      all,
    ];
  }

  #others() {
    const kinds = /** @type {const} */ ({ video: "play", audio: "sound", file: "file" });
    const choices = Object.entries(kinds).map(([type, face]) =>
      button(
        {
          class: "tray__choice",
          testid: `tray-${type}`,
          on: {
            click: () => {
              this.showTray("");
              void this.uses.play({ type });
            },
          },
        },
        [el("span", { class: "tray__icon" }, [icon(face, 26)]), words.composer[/** @type {keyof typeof kinds} */ (type)]],
      ),
    );
    return [
      this.#heading(words.composer.otherTitle),
      el("div", { class: "tray__caption", text: words.composer.otherText }),
      el("div", { class: "tray__home" }, choices),
    ];
  }
}
