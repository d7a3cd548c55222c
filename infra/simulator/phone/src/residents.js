// @ts-check
/** @file The panel of residents: whose phone is shown, and the friendship with the account. */

import { api } from "./api.js";
import { avatar } from "./chat.js";
import { button, el, icon } from "./dom.js";
import { amount, words } from "./words.js";

/**
 * @typedef {import("./api.js").Resident} Resident
 * @typedef {object} Uses
 * @property {(resident: Resident) => void} select
 * @property {(name: string) => void} create
 * @property {() => void} follow
 * @property {() => void} block
 * @property {(cause: unknown) => void} failed
 */

const PAGE = 50;
/** How many residents a search looks through; the simulator may have two million. */
const SEARCH_LIMIT = 1000;
/** How many are kept at the top of a list that is too long to show them in their place. */
const RECENT_LIMIT = 20;
const SETTLE_MS = 250;
const USER_ID = /^U[0-9a-f]{32}$/;

export class Residents {
  /** @type {Resident[]} in the order of their making */
  #known = [];
  /** @type {Map<string, Resident>} those seen lately, who may stand far down in a long list */
  #recent = new Map();
  #count = 0;
  /** @type {Resident | null} */
  #current = null;
  /** @type {Map<string, number>} messages that came while another phone was shown */
  #unread = new Map();
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /**
   * @param {HTMLElement} host
   * @param {Uses} uses
   */
  constructor(host, uses) {
    this.uses = uses;
    this.total = el("span", { class: "panel__count" });
    this.card = el("section", { class: "current", testid: "current", attrs: { "aria-label": words.residents.selected } });
    this.search = el("input", {
      class: "field field--search",
      testid: "resident-search",
      attrs: { type: "search", placeholder: words.residents.search, "aria-label": words.residents.search, autocomplete: "off" },
      on: { input: () => this.#soon(() => this.#searchFurther()) },
    });
    this.name = el("input", {
      class: "field",
      testid: "resident-name",
      attrs: { type: "text", maxlength: 20, "aria-label": words.residents.createName, autocomplete: "off" },
    });
    this.form = this.#makeForm();
    this.list = el("ul", { class: "people", attrs: { "aria-label": words.residents.heading } });
    this.more = button({
      class: "button button--plain people__more",
      text: words.residents.more,
      on: { click: () => void this.#loadMore(PAGE) },
    });
    host.setAttribute("aria-label", words.residents.heading);
    host.append(
      el("header", { class: "panel__head" }, [
        el("h2", { class: "panel__title", text: words.residents.heading }),
        this.total,
        button(
          { class: "panel__close", attrs: { "aria-label": words.close }, on: { click: () => host.classList.remove("is-open") } },
          [icon("close", 20)],
        ),
      ]),
      el("p", { class: "panel__hint", text: words.residents.hint }),
      this.card,
      this.form,
      el("div", { class: "search" }, [icon("search", 18), this.search]),
      el("div", { class: "people__scroller" }, [this.list, this.more]),
    );
  }

  #makeForm() {
    const form = el("form", { class: "create" }, [
      el("label", { class: "labelled" }, [el("span", { text: words.residents.createName }), this.name]),
      el("div", { class: "create__buttons" }, [
        button({ class: "button button--plain", text: words.cancel, on: { click: () => fold("folded") } }),
        el("button", {
          class: "button button--primary",
          text: words.residents.createGo,
          testid: "resident-create",
          attrs: { type: "submit" },
        }),
      ]),
    ]);
    const open = button(
      {
        class: "button button--create",
        testid: "resident-new",
        attrs: { "aria-expanded": "false" },
        on: { click: () => fold("open") },
      },
      [icon("plus", 18), words.residents.create],
    );
    const fold = (/** @type {"open" | "folded"} */ state) => {
      form.hidden = state === "folded";
      open.hidden = state === "open";
      if (state === "folded") return;
      this.name.value = this.suggestName();
      this.name.focus();
      this.name.select();
    };
    form.hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      fold("folded");
      this.uses.create(this.name.value.trim() || this.suggestName());
    });
    return el("div", { class: "create__place" }, [open, form]);
  }

  /** A name that no resident has yet, as long as there are some. */
  suggestName() {
    const taken = new Set(this.#known.map((one) => one.name));
    const free = words.sampleNames.filter((name) => !taken.has(name));
    const names = free.length > 0 ? free : words.sampleNames;
    return names[Math.floor(Math.random() * names.length)];
  }

  /** The first resident there is, or none. */
  get first() {
    return this.#known[0] ?? null;
  }

  async reload() {
    const want = Math.max(PAGE, Math.min(this.#known.length, SEARCH_LIMIT));
    const { count, residents } = await api.residents(want);
    this.#count = count;
    this.#known = residents;
    for (const one of residents) {
      if (one.unread && one.userId !== this.#current?.userId) this.#unread.set(one.userId, one.unread);
    }
    const current = residents.find((one) => one.userId === this.#current?.userId);
    if (current) this.#current = current;
    this.#draw();
  }

  /** @param {() => Promise<void>} run */
  #soon(run) {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => run().catch((cause) => this.uses.failed(cause)), SETTLE_MS);
  }

  /** @param {number} limit */
  async #loadMore(limit) {
    const last = this.#known[this.#known.length - 1];
    const { count, residents } = await api.residents(limit, last?.userId);
    this.#count = count;
    const seen = new Set(this.#known.map((one) => one.userId));
    const fresh = residents.filter((one) => !seen.has(one.userId));
    this.#known.push(...fresh);
    this.#draw();
    return fresh.length;
  }

  /** A search reads further pages, up to a limit; a whole id is asked for directly. */
  async #searchFurther() {
    this.#draw();
    const query = this.search.value.trim();
    if (USER_ID.test(query) && !this.#known.some((one) => one.userId === query)) {
      try {
        this.uses.select(await api.resident(query));
      } catch {
        this.#draw();
      }
      return;
    }
    while (query && this.#known.length < Math.min(this.#count, SEARCH_LIMIT)) {
      if ((await this.#loadMore(PAGE * 4)) === 0) return;
    }
  }

  /** @param {Resident} resident */
  setCurrent(resident) {
    this.#current = resident;
    this.#unread.delete(resident.userId);
    this.#remember(resident);
    this.#draw();
  }

  /** @param {Resident} resident */
  #remember(resident) {
    if (resident.status === "stranger") return;
    this.#recent.delete(resident.userId);
    this.#recent.set(resident.userId, resident);
    for (const oldest of [...this.#recent.keys()].slice(0, -RECENT_LIMIT)) this.#recent.delete(oldest);
  }

  /**
   * Takes a change that the simulator told of; after a burst of them the list is read once.
   * @param {Partial<Resident>} resident
   */
  changed(resident) {
    if (resident.userId && resident.name && resident.status) this.#remember(/** @type {Resident} */ (resident));
    this.#soon(() => this.reload());
  }

  /** Forgets everybody, as the simulator did. */
  reset() {
    this.#recent.clear();
    this.#unread.clear();
    this.#current = null;
  }

  /** @param {string} userId */
  heard(userId) {
    this.#unread.set(userId, (this.#unread.get(userId) ?? 0) + 1);
    // A send to thousands is drawn once a frame.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.total.textContent = words.residents.count(amount(this.#count));
    this.#drawCard();
    const query = fold(this.search.value);
    const listed = new Set(this.#known.map((one) => one.userId));
    const recent = [...this.#recent.values()].reverse().filter((one) => !listed.has(one.userId));
    const found = [...recent, ...this.#known].filter(
      (one) => !query || fold(one.name).includes(query) || one.userId.toLowerCase().startsWith(query),
    );
    this.list.replaceChildren(...found.map((one) => this.#row(one)));
    if (found.length === 0) {
      const partly = this.#count > this.#known.length;
      const text = !query
        ? words.residents.none
        : partly
          ? words.residents.notFoundIn(amount(this.#known.length))
          : words.residents.notFound;
      this.list.append(el("li", { class: "people__none", text }));
    }
    this.more.hidden = query !== "" || this.#known.length >= this.#count;
  }

  #drawCard() {
    const one = this.#current;
    this.card.hidden = one === null;
    if (!one) return;
    const following = one.status === "following";
    const text = one.status === "blocked" ? words.residents.unblock : words.residents.follow;
    const act = following
      ? button({
          class: "button button--plain button--small",
          text: words.residents.block,
          testid: "block",
          on: { click: () => this.uses.block() },
        })
      : button({
          class: "button button--primary button--small",
          text,
          testid: one.status === "blocked" ? "unblock" : "panel-follow",
          on: { click: () => this.uses.follow() },
        });
    this.card.replaceChildren(
      avatar(one.name || "?"),
      el("div", { class: "current__text" }, [
        el("strong", { class: "current__name", text: one.name || words.residents.unnamed }),
        el("span", { class: `status status--${one.status}`, text: words.residents[one.status] ?? one.status }),
        one.userId ? el("span", { class: "current__id", text: one.userId, attrs: { title: one.userId } }) : null,
      ]),
      act,
    );
  }

  /** @param {Resident} one */
  #row(one) {
    const unread = this.#unread.get(one.userId) ?? 0;
    const selected = one.userId === this.#current?.userId;
    const row = button(
      {
        class: `person${selected ? " is-selected" : ""}`,
        testid: "resident-switch",
        attrs: { "data-user-id": one.userId, "aria-current": selected ? "true" : null },
        on: { click: () => this.uses.select(one) },
      },
      [
        avatar(one.name || "?"),
        el("span", { class: "person__text" }, [
          el("span", { class: "person__name", text: one.name || words.residents.unnamed }),
          el("span", { class: `status status--${one.status}`, text: words.residents[one.status] ?? one.status }),
        ]),
        unread > 0
          ? el("span", { class: "badge", text: amount(unread), attrs: { "aria-label": words.residents.unread(unread) } })
          : null,
      ],
    );
    return el("li", {}, [row]);
  }
}

/**
 * Spaces and letter case do not matter in a search.
 * @param {string} text
 */
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s/g, "");
