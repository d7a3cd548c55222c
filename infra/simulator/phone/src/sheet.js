// @ts-check
/** @file What lies over the phone's screen for a moment: questions, pictures, short notes. */

import { button, el, icon, picture } from "./dom.js";
import { words } from "./words.js";

const TOAST_MS = 4_000;

/**
 * @template T
 * @typedef {object} Question
 * @property {string} title
 * @property {(Node | string)[]} body
 * @property {{ label: string, value: () => T | undefined | Promise<T | undefined>, kind?: "primary" | "plain" }[]} buttons
 *   a button whose value is undefined leaves the sheet open
 * @property {boolean} [tall]
 */

export class Sheets {
  /** @type {(() => void) | null} */
  #close = null;

  /**
   * @param {HTMLElement} layer where sheets are put
   * @param {HTMLElement} behind what cannot be reached while one is open
   */
  constructor(layer, behind) {
    this.layer = layer;
    this.behind = behind;
    this.toasts = el("div", { class: "toasts", attrs: { role: "status", "aria-live": "polite" } });
    layer.append(this.toasts);
  }

  /** Closes whatever is open, as if it had been cancelled. */
  dismiss() {
    this.#close?.();
  }

  /**
   * Asks, and resolves with the pressed button's value, or null when the sheet was closed.
   * @template T
   * @param {Question<T>} question
   * @returns {Promise<T | null>}
   */
  ask(question) {
    return new Promise((resolve) => {
      const note = el("p", { class: "sheet__error", attrs: { role: "alert" } });
      const bar = question.buttons.map(({ label, value, kind }) =>
        button({
          class: `button button--${kind ?? "primary"}`,
          text: label,
          testid: "dialog-ok",
          on: {
            click: async () => {
              note.textContent = "";
              const answer = await value();
              if (answer !== undefined) finish(answer);
            },
          },
        }),
      );
      const cancel = button({
        class: "button button--plain",
        text: words.cancel,
        testid: "dialog-cancel",
        on: { click: () => finish(null) },
      });
      const title = el("h2", { class: "sheet__title", text: question.title, attrs: { id: "sheet-title" } });
      const sheet = el(
        "div",
        {
          class: `sheet${question.tall ? " sheet--tall" : ""}`,
          testid: "dialog",
          attrs: { role: "dialog", "aria-labelledby": "sheet-title" },
        },
        [
          title,
          el("div", { class: "sheet__body" }, question.body),
          note,
          el("div", { class: "sheet__buttons" }, [cancel, ...bar]),
        ],
      );
      const finish = this.#raise(sheet, (/** @type {T | null} */ answer) => resolve(answer));
    });
  }

  /**
   * Shows a picture or film over the whole screen.
   * @param {{ url: string, kind?: "image" | "video", label: string }} what
   */
  show({ url, kind = "image", label }) {
    const content =
      kind === "video"
        ? el("video", { class: "viewer__media", attrs: { src: url, controls: true } })
        : picture(url, { class: "viewer__media", alt: label, missing: words.message.noPicture });
    const viewer = el("div", { class: "viewer", attrs: { role: "dialog", "aria-label": label } }, [
      content,
      button({ class: "viewer__close", attrs: { "aria-label": words.close }, on: { click: () => finish(null) } }, [
        icon("close", 26),
      ]),
    ]);
    const finish = this.#raise(viewer, () => {});
    viewer.addEventListener("click", (event) => {
      if (event.target === viewer) finish(null);
    });
  }

  /** @param {string} text */
  toast(text) {
    const toast = el("div", { class: "toast", text, testid: "toast" });
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }

  /**
   * @param {HTMLElement} content
   * @param {(answer: any) => void} done
   */
  #raise(content, done) {
    this.dismiss();
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const cover = el("div", { class: "cover" }, [content]);
    const finish = (/** @type {any} */ answer) => {
      if (!cover.isConnected) return;
      cover.remove();
      this.behind.inert = false;
      this.#close = null;
      document.removeEventListener("keydown", onKey);
      before?.focus?.({ preventScroll: true });
      done(answer);
    };
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && !event.isComposing) finish(null);
    };
    document.addEventListener("keydown", onKey);
    cover.addEventListener("click", (event) => {
      if (event.target === cover) finish(null);
    });
    this.#close = () => finish(null);
    this.behind.inert = true;
    this.layer.append(cover);
    const first = content.querySelector("[data-focus], input:not([type=file]), .button--primary, button");
    if (first instanceof HTMLElement) first.focus({ preventScroll: true });
    return finish;
  }
}
