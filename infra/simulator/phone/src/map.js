// @ts-check
/** @file A simple map to point at a place: a made-up street plan, or real tiles when the simulator names some. */

import { button, el, icon, paint } from "./dom.js";
import { words } from "./words.js";

/** @typedef {{ latitude: number, longitude: number }} Point */

/** Where the map opens the first time. */
const START = { latitude: 35.6581, longitude: 139.4777 };
const REMEMBERED = "kairan-phone-place";
const ZOOM = { first: 16, least: 12, most: 18 };
const TILE = 256;
const KEY_STEP_PX = 40;
/** Degrees of latitude that the Mercator projection can show. */
const MERCATOR_END = 85;

/**
 * @param {Point} point
 * @param {number} zoom
 */
function project({ latitude, longitude }, zoom) {
  const world = TILE * 2 ** zoom;
  const sin = Math.sin((Math.max(-MERCATOR_END, Math.min(MERCATOR_END, latitude)) * Math.PI) / 180);
  return { x: ((longitude + 180) / 360) * world, y: (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * world };
}

/**
 * @param {{ x: number, y: number }} pixel
 * @param {number} zoom
 * @returns {Point}
 */
function unproject({ x, y }, zoom) {
  const world = TILE * 2 ** zoom;
  const longitude = (x / world) * 360 - 180;
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / world))) * 180) / Math.PI;
  return {
    latitude: Math.max(-MERCATOR_END, Math.min(MERCATOR_END, latitude)),
    longitude: ((((longitude + 180) % 360) + 360) % 360) - 180,
  };
}

/** @returns {Point} */
function remembered() {
  try {
    const point = JSON.parse(localStorage.getItem(REMEMBERED) ?? "null");
    if (isPlace(point?.latitude, point?.longitude)) return point;
  } catch {
    // Storage may be forbidden; the map then opens where it always does.
  }
  return START;
}

/**
 * @param {unknown} latitude
 * @param {unknown} longitude
 */
const isPlace = (latitude, longitude) =>
  typeof latitude === "number" && typeof longitude === "number" && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;

/**
 * Asks for a place.
 * @param {import("./sheet.js").Sheets} sheets
 * @param {string | null} tiles a template with {z}, {x} and {y}
 * @returns {Promise<(Point & { title?: string, address?: string }) | null>}
 */
export async function pickPlace(sheets, tiles) {
  const number = (/** @type {string} */ label, /** @type {string} */ testid) =>
    el("input", {
      class: "field",
      testid,
      attrs: { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": label },
    });
  const latitude = number(words.map.latitude, "latitude");
  const longitude = number(words.map.longitude, "longitude");
  const text = (/** @type {string} */ label, /** @type {string} */ testid) =>
    el("input", {
      class: "field",
      testid,
      attrs: { type: "text", maxlength: 100, placeholder: label, "aria-label": label, autocomplete: "off" },
    });
  const title = text(words.map.place, "place-title");
  const address = text(words.map.address, "place-address");
  const map = new StreetMap(remembered(), tiles, (point) => {
    latitude.value = point.latitude.toFixed(6);
    longitude.value = point.longitude.toFixed(6);
  });
  const typed = () => ({ latitude: numberIn(latitude.value), longitude: numberIn(longitude.value) });
  for (const field of [latitude, longitude]) {
    field.addEventListener("change", () => {
      const { latitude: lat, longitude: lon } = typed();
      if (isPlace(lat, lon)) map.move({ latitude: lat, longitude: lon }, "quiet");
    });
  }
  const problem = el("p", { class: "sheet__error", attrs: { role: "alert" } });
  const here = button({ class: "map__here", testid: "here", on: { click: () => locate(map, problem) } }, [
    icon("target", 18),
    words.map.here,
  ]);
  const label = (/** @type {string} */ text, /** @type {Node} */ field) =>
    el("label", { class: "labelled" }, [el("span", { text }), field]);
  const picked = await sheets.ask({
    title: words.map.title,
    tall: true,
    body: [
      el("p", { class: "sheet__hint", text: words.map.hint }),
      map.node,
      el("div", { class: "map__numbers" }, [label(words.map.latitude, latitude), label(words.map.longitude, longitude), here]),
      title,
      address,
      problem,
    ],
    buttons: [
      {
        label: words.map.send,
        value: () => {
          const point = typed();
          problem.textContent = isPlace(point.latitude, point.longitude) ? "" : words.map.invalid;
          if (problem.textContent) return undefined;
          const [name, at] = [title.value.trim(), address.value.trim()];
          return { ...point, ...(name && { title: name }), ...(at && { address: at }) };
        },
      },
    ],
  });
  map.stop();
  if (picked) {
    try {
      localStorage.setItem(REMEMBERED, JSON.stringify({ latitude: picked.latitude, longitude: picked.longitude }));
    } catch {
      // Not remembered, then.
    }
  }
  return picked;
}

/**
 * Reads a typed number, also in full-width digits; nothing typed is no number.
 * @param {string} text
 */
const numberIn = (text) => {
  const plain = text.normalize("NFKC").trim();
  return plain === "" ? Number.NaN : Number(plain);
};

/**
 * @param {StreetMap} map
 * @param {HTMLElement} problem
 */
function locate(map, problem) {
  problem.textContent = "";
  const failed = () => (problem.textContent = words.map.hereFailed);
  if (!navigator.geolocation) return failed();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => map.move({ latitude: coords.latitude, longitude: coords.longitude }),
    failed,
    { timeout: 8000 },
  );
}

/** A map that is dragged under a pin in its middle. */
class StreetMap {
  #zoom = ZOOM.first;
  #frame = 0;

  /**
   * @param {Point} start
   * @param {string | null} tiles
   * @param {(point: Point) => void} moved
   */
  constructor(start, tiles, moved) {
    this.tiles = tiles;
    this.moved = moved;
    this.point = start;
    this.canvas = el("canvas", { class: "map__canvas" });
    this.layer = el("div", { class: "map__tiles" });
    this.scale = el("div", { class: "map__scale" });
    this.field = el(
      "div",
      {
        class: "map__field",
        testid: "map",
        attrs: { tabindex: "0", role: "application", "aria-label": words.map.field, "data-focus": true },
      },
      [
        this.canvas,
        this.layer,
        el("div", { class: "map__pin" }, [icon("pin", 44)]),
        this.scale,
        tiles ? null : el("div", { class: "map__kind", text: words.map.schematic }),
      ],
    );
    const zoom = (/** @type {string} */ text, /** @type {string} */ label, /** @type {number} */ by) =>
      button({ class: "map__zoom", text, attrs: { "aria-label": label }, on: { click: () => this.#zoomBy(by) } });
    this.node = el("div", { class: "map" }, [
      this.field,
      el("div", { class: "map__zooms" }, [zoom("+", words.map.zoomIn, 1), zoom("−", words.map.zoomOut, -1)]),
    ]);
    this.#listen();
    this.watch = new ResizeObserver(() => this.#draw());
    this.watch.observe(this.field);
    this.move(start);
  }

  stop() {
    this.watch.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  /**
   * @param {Point} point
   * @param {"tell" | "quiet"} [how] quiet leaves the typed numbers as they were typed
   */
  move(point, how = "tell") {
    this.point = point;
    if (how === "tell") this.moved(point);
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  #pan(dx, dy) {
    const { x, y } = project(this.point, this.#zoom);
    this.move(unproject({ x: x + dx, y: y + dy }, this.#zoom));
  }

  /** @param {number} by */
  #zoomBy(by) {
    this.#zoom = Math.max(ZOOM.least, Math.min(ZOOM.most, this.#zoom + by));
    this.move(this.point, "quiet");
  }

  #listen() {
    /** @type {{ x: number, y: number } | null} */
    let last = null;
    this.field.addEventListener("pointerdown", (event) => {
      last = { x: event.clientX, y: event.clientY };
      this.field.setPointerCapture(event.pointerId);
    });
    this.field.addEventListener("pointermove", (event) => {
      if (!last) return;
      this.#pan(last.x - event.clientX, last.y - event.clientY);
      last = { x: event.clientX, y: event.clientY };
    });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
      this.field.addEventListener(end, () => (last = null));
    this.field.addEventListener("dblclick", (event) => {
      const box = this.field.getBoundingClientRect();
      this.#pan(event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
    });
    this.field.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.#zoomBy(event.deltaY < 0 ? 1 : -1);
      },
      { passive: false },
    );
    this.field.addEventListener("keydown", (event) => {
      const steps = /** @type {Record<string, [number, number]>} */ ({
        ArrowLeft: [-1, 0],
        ArrowRight: [1, 0],
        ArrowUp: [0, -1],
        ArrowDown: [0, 1],
      });
      const step = steps[event.key];
      if (step) this.#pan(step[0] * KEY_STEP_PX, step[1] * KEY_STEP_PX);
      else if (event.key === "+" || event.key === ";") this.#zoomBy(1);
      else if (event.key === "-") this.#zoomBy(-1);
      else return;
      event.preventDefault();
    });
  }

  #draw() {
    const width = this.field.clientWidth;
    const height = this.field.clientHeight;
    if (width === 0 || height === 0) return;
    const centre = project(this.point, this.#zoom);
    const origin = { x: centre.x - width / 2, y: centre.y - height / 2 };
    if (this.tiles) this.#drawTiles(this.tiles, origin, width, height);
    else drawStreets(this.canvas, origin, width, height, this.#zoom);
    this.#drawScale();
  }

  #drawScale() {
    const metresPerPixel = (40_075_016.7 * Math.cos((this.point.latitude * Math.PI) / 180)) / (TILE * 2 ** this.#zoom);
    const metres = [5000, 2000, 1000, 500, 200, 100, 50, 20].find((one) => one / metresPerPixel < 110) ?? 10;
    this.scale.textContent = words.map.scale(metres);
    paint(this.scale, { width: `${metres / metresPerPixel}px` });
  }

  /**
   * @param {string} template
   * @param {{ x: number, y: number }} origin
   * @param {number} width
   * @param {number} height
   */
  #drawTiles(template, origin, width, height) {
    const most = 2 ** this.#zoom;
    const images = [];
    for (let x = Math.floor(origin.x / TILE); x * TILE < origin.x + width; x += 1) {
      for (let y = Math.floor(origin.y / TILE); y * TILE < origin.y + height; y += 1) {
        if (y < 0 || y >= most) continue;
        const src = template
          .replace("{z}", String(this.#zoom))
          .replace("{x}", String(((x % most) + most) % most))
          .replace("{y}", String(y));
        images.push(
          el("img", {
            attrs: { src, alt: "", draggable: "false" },
            style: { left: `${x * TILE - origin.x}px`, top: `${y * TILE - origin.y}px` },
          }),
        );
      }
    }
    this.layer.replaceChildren(...images);
  }
}

/** The plan's measures are in pixels at this zoom; other zooms scale them. */
const PLAN_ZOOM = 16;
const BLOCK = 92;
const MAIN_EVERY = 4;

/**
 * A number from 0 to 1 that a block of the plan always has.
 * @param {number} x
 * @param {number} y
 */
function chance(x, y) {
  let hash = (Math.imul(x, 374_761_393) + Math.imul(y, 668_265_263)) | 0;
  hash = Math.imul(hash ^ (hash >>> 13), 1_274_126_177);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * Draws streets, houses, parks and a river that are always in the same place, though no real ones.
 * @param {HTMLCanvasElement} canvas
 * @param {{ x: number, y: number }} origin
 * @param {number} width
 * @param {number} height
 * @param {number} zoom
 */
function drawStreets(canvas, origin, width, height, zoom) {
  const sharp = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * sharp);
  canvas.height = Math.round(height * sharp);
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const k = 2 ** (zoom - PLAN_ZOOM);
  const view = { x: origin.x / k, y: origin.y / k, width: width / k, height: height / k };
  pen.setTransform(sharp * k, 0, 0, sharp * k, 0, 0);
  pen.fillStyle = "#fdfdfb";
  pen.fillRect(0, 0, view.width, view.height);
  const first = { x: Math.floor(view.x / BLOCK), y: Math.floor(view.y / BLOCK) };
  for (let x = first.x; x * BLOCK < view.x + view.width; x += 1) {
    for (let y = first.y; y * BLOCK < view.y + view.height; y += 1)
      drawBlock(pen, x, y, x * BLOCK - view.x, y * BLOCK - view.y, zoom);
  }
  drawMainRoads(pen, view, first);
  drawRiver(pen, view);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} left
 * @param {number} top
 * @param {number} zoom
 */
function drawBlock(pen, x, y, left, top, zoom) {
  const kind = chance(x, y);
  pen.fillStyle = kind < 0.1 ? "#cfe8c4" : kind < 0.15 ? "#f3e3c8" : "#eef0ee";
  pen.beginPath();
  pen.roundRect(left + 4, top + 4, BLOCK - 8, BLOCK - 8, 4);
  pen.fill();
  if (kind < 0.1 || zoom < 15) return;
  pen.fillStyle = kind < 0.15 ? "#e4cfa8" : "#dcdfe0";
  const rows = 2 + Math.floor(chance(y, x) * 2);
  const size = (BLOCK - 20) / rows;
  for (let at = 0; at < rows * rows; at += 1) {
    if (chance(x * 31 + at, y * 17) < 0.25) continue;
    pen.fillRect(left + 10 + (at % rows) * size, top + 10 + Math.floor(at / rows) * size, size - 6, size - 6 - chance(at, x) * 6);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{ x: number, y: number, width: number, height: number }} view
 * @param {{ x: number, y: number }} first
 */
function drawMainRoads(pen, view, first) {
  const lines = [];
  for (let x = first.x; x * BLOCK < view.x + view.width + BLOCK; x += 1)
    if (x % MAIN_EVERY === 0) lines.push([x * BLOCK - view.x, 0, x * BLOCK - view.x, view.height]);
  for (let y = first.y; y * BLOCK < view.y + view.height + BLOCK; y += 1)
    if (y % MAIN_EVERY === 0) lines.push([0, y * BLOCK - view.y, view.width, y * BLOCK - view.y]);
  for (const [color, width] of /** @type {[string, number][]} */ ([
    ["#e2b565", 16],
    ["#fbe3a8", 13],
  ])) {
    pen.strokeStyle = color;
    pen.lineWidth = width;
    for (const [x1, y1, x2, y2] of lines) {
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
      pen.stroke();
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{ x: number, y: number, width: number, height: number }} view
 */
function drawRiver(pen, view) {
  const period = BLOCK * 14;
  const row = Math.round((view.y + view.height / 2) / period);
  for (const at of [row - 1, row, row + 1]) {
    pen.beginPath();
    for (let x = -40; x <= view.width + 40; x += 20) {
      const world = view.x + x;
      pen.lineTo(x, at * period + period / 3 + Math.sin(world / 260) * 46 + Math.sin(world / 97) * 12 - view.y);
    }
    pen.strokeStyle = "#a9d3f0";
    pen.lineWidth = 44;
    pen.lineJoin = "round";
    pen.stroke();
  }
}
