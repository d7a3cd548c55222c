// @ts-check
/** @file The chat of one resident: messages by day and sender, quick replies, and where the eye is. */

import { button, el, icon, picture } from "./dom.js";
import { dragToScroll, labelOf } from "./flex.js";
import { renderMessage } from "./message.js";
import { dayOf, timeOf, words } from "./words.js";

/**
 * @typedef {import("./api.js").Entry} Entry
 * @typedef {import("./api.js").Json} Json
 */

/** Closer to the end than this counts as "at the end". */
const NEAR_END_PX = 90;
const TYPING_DEFAULT_S = 20;

export class Chat {
  /** @type {Entry[]} */
  #entries = [];
  #account = words.account;
  #atEnd = true;
  #top = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingEnds;

  /**
   * @param {import("./message.js").Tools & { unsend: (messageId: string) => void }} tools
   */
  constructor(tools) {
    this.tools = tools;
    this.list = el("div", {
      class: "chat__list",
      attrs: { role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": words.chat.log },
    });
    this.typing = el("div", { class: "typing", attrs: { hidden: true, role: "status", "aria-label": words.chat.typing } }, [
      el("span"),
      el("span"),
      el("span"),
    ]);
    this.scroller = el("div", { class: "chat__scroller", attrs: { tabindex: "0" } }, [
      el("div", { class: "chat__fill" }),
      this.list,
      this.typing,
    ]);
    this.pill = button(
      { class: "chat__pill", testid: "new-message-pill", attrs: { hidden: true }, on: { click: () => this.toEnd() } },
      [icon("down", 16), words.chat.fresh],
    );
    this.quick = el("div", { class: "quick", attrs: { hidden: true, role: "group", "aria-label": words.chat.quick } });
    dragToScroll(this.quick);
    this.node = el("div", { class: "chat" }, [el("div", { class: "chat__window" }, [this.scroller, this.pill]), this.quick]);

    this.scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    // Pictures that arrive late and a keyboard that opens both move the end away.
    const stay = new ResizeObserver(() => {
      if (this.#atEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
    });
    stay.observe(this.list);
    stay.observe(this.scroller);
  }

  get lastSeq() {
    return this.#entries.reduce((most, entry) => Math.max(most, entry.seq), 0);
  }

  /** @param {string} name */
  setAccount(name) {
    this.#account = name;
  }

  clear() {
    this.#entries = [];
    this.#draw();
    this.stopTyping();
    this.toEnd();
  }

  /**
   * Takes entries in any order, some perhaps for the second time.
   * @param {Entry[]} fresh
   */
  add(fresh) {
    const known = new Set(this.#entries.map((entry) => entry.seq));
    const last = this.lastSeq;
    const news = fresh.filter((entry) => !known.has(entry.seq)).sort((a, b) => a.seq - b.seq);
    if (news.length === 0) return;
    const inOrder = news[0].seq > last && !news.some((entry) => entry.message?.type === "unsend");
    this.#entries.push(...news);
    this.#entries.sort((a, b) => a.seq - b.seq);
    if (news.some((entry) => entry.from === "account")) this.stopTyping();
    if (inOrder) for (const entry of news) this.#append(entry);
    else this.#draw();
    this.#drawQuick();
    const mine = news.some((entry) => entry.from === "resident");
    if (mine || this.#atEnd) this.toEnd();
    else this.pill.hidden = false;
  }

  /**
   * A line of the page itself, such as "your message did not get through".
   * @param {string} text
   */
  note(text) {
    this.list.append(el("div", { class: "note note--problem", testid: "problem" }, [icon("warning", 16), el("span", { text })]));
    this.toEnd();
  }

  /** @param {unknown} seconds */
  startTyping(seconds) {
    clearTimeout(this.#typingEnds);
    this.typing.hidden = false;
    if (this.#atEnd) this.toEnd();
    this.#typingEnds = setTimeout(() => this.stopTyping(), (Number(seconds) || TYPING_DEFAULT_S) * 1000);
  }

  stopTyping() {
    clearTimeout(this.#typingEnds);
    this.typing.hidden = true;
  }

  toEnd() {
    this.#atEnd = true;
    this.pill.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    // Only going up leaves the end: a menu that opens moves the end away, but nobody has scrolled.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.#atEnd = true;
    else if (scrollTop < this.#top) this.#atEnd = false;
    this.#top = scrollTop;
    if (this.#atEnd) this.pill.hidden = true;
  }

  #draw() {
    this.list.replaceChildren();
    for (const entry of this.#entries) this.#append(entry);
    this.#drawQuick();
  }

  /** @param {Entry} entry */
  #append(entry) {
    const content = this.#content(entry);
    if (!content) return;
    const previous = /** @type {HTMLElement | null} */ (this.list.lastElementChild);
    const day = dayOf(entry.at);
    if (this.#lastDay() !== day) this.list.append(el("div", { class: "day", text: day, attrs: { "data-day": day } }));
    if (content.classList.contains("item")) {
      const group = `${entry.from} ${timeOf(entry.at)} ${entry.message?.sender?.name ?? ""}`;
      content.dataset.group = group;
      if (previous?.dataset.group === group && previous === this.list.lastElementChild) {
        previous.classList.add("is-followed");
        content.classList.add("is-continued");
      }
    }
    this.list.append(content);
  }

  #lastDay() {
    const days = this.list.querySelectorAll("[data-day]");
    return days.length > 0 ? /** @type {HTMLElement} */ (days[days.length - 1]).dataset.day : undefined;
  }

  /**
   * @param {Entry} entry
   * @returns {HTMLElement | null} nothing for what a phone does not show
   */
  #content(entry) {
    const message = entry.message ?? {};
    if (entry.from === "resident") {
      if (message.type === "follow") return system(words.chat.follow, "follow");
      if (message.type === "unfollow") return system(words.chat.unfollow, "unfollow");
      if (message.type === "unsend") return system(words.chat.unsend, "unsend");
      if (message.id !== undefined && this.#isUnsent(String(message.id))) return null;
      if (message.type === "postback") {
        const shown = message.displayText ?? message.text;
        return shown ? this.#item(entry, { type: "text", text: shown }) : null;
      }
    }
    return this.#item(entry, message);
  }

  /** @param {string} id */
  #isUnsent(id) {
    return this.#entries.some(
      ({ message }) => message?.type === "unsend" && String(message.messageId ?? message.unsend?.messageId) === id,
    );
  }

  /**
   * @param {Entry} entry
   * @param {Json} message
   */
  #item(entry, message) {
    const own = entry.from === "resident";
    const drawn = renderMessage(message, this.tools, entry.contentUrl);
    const name = own ? words.chat.me : String(message.sender?.name ?? this.#account);
    const time = el("time", {
      class: "item__time",
      text: timeOf(entry.at),
      attrs: { datetime: new Date(entry.at).toISOString() },
    });
    const row = el("div", { class: "item__row" }, [
      drawn.node,
      own && message.id !== undefined ? this.#unsendButton(String(message.id)) : null,
      time,
    ]);
    return el(
      "article",
      {
        class: `item item--${own ? "own" : "account"} item--${drawn.frame}`,
        testid: "message",
        attrs: {
          "data-from": entry.from,
          "data-type": String(message.type ?? ""),
          "data-seq": entry.seq,
          "data-via": entry.via,
          "aria-label": words.chat.from(name, timeOf(entry.at)),
        },
      },
      own
        ? [row]
        : [
            avatar(name, message.sender?.iconUrl),
            el("div", { class: "item__column" }, [
              el("div", { class: "item__name", text: name, attrs: { "aria-hidden": "true" } }),
              row,
            ]),
          ],
    );
  }

  /** @param {string} messageId */
  #unsendButton(messageId) {
    return button({
      class: "item__unsend",
      text: words.chat.unsendDo,
      testid: "unsend",
      on: { click: () => this.tools.unsend(messageId) },
    });
  }

  /** Quick replies belong to the newest message alone: they go as soon as anything follows. */
  #drawQuick() {
    const last = this.#entries[this.#entries.length - 1];
    const items = last?.from === "account" && Array.isArray(last.message?.quickReply?.items) ? last.message.quickReply.items : [];
    this.quick.replaceChildren(...items.map((/** @type {Json} */ item) => this.#quickButton(item)));
    this.quick.hidden = items.length === 0;
    this.quick.scrollLeft = 0;
  }

  /** @param {Json} item */
  #quickButton(item) {
    const action = item.action ?? {};
    const own = { camera: "camera", cameraRoll: "photo", location: "pin" }[String(action.type)];
    const face = item.imageUrl
      ? picture(item.imageUrl, { class: "quick__image", missing: "" })
      : own
        ? icon(/** @type {import("./dom.js").IconName} */ (own), 18)
        : null;
    return button(
      {
        class: "quick__button",
        testid: "quick-reply",
        on: {
          click: () => {
            // A date or an address may still be cancelled; the other taps use the replies up.
            if (action.type === "message" || action.type === "postback") this.quick.hidden = true;
            this.tools.perform(action);
          },
        },
      },
      [face, el("span", { text: labelOf(action) })],
    );
  }
}

/**
 * @param {string} text
 * @param {string} type
 */
const system = (text, type) => el("div", { class: "note", text, attrs: { "data-type": type }, testid: "note" });

/**
 * The round picture of a sender: the first letter when there is no other.
 * @param {string} name
 * @param {unknown} [url]
 */
export function avatar(name, url) {
  const letter = [...name.trim()][0] ?? "?";
  return el("div", { class: "avatar", attrs: { "aria-hidden": "true" } }, [
    url ? picture(url, { class: "avatar__image", missing: letter }) : letter,
  ]);
}
