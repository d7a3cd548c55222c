/** @file Parts of a photo are marked by drawing on it. The text field below keeps them, a line of four numbers each; without a script it is all there is. */

import { marked } from "./dom.ts";

/** Left, top, width and height, in thousandths of the photo. */
type Area = [number, number, number, number];

const WHOLE = 1_000;
/** What is smaller was a slip of the finger. */
const SMALLEST = 10;
/** How far an arrow key goes. */
const STEP = 5;
const NEW: Area = [400, 400, 200, 200];
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

export function markPhotos(): void {
  for (const frame of marked("marking", HTMLElement)) {
    const field = document.getElementById(frame.dataset["marking"] ?? "");
    if (field instanceof HTMLTextAreaElement) mark(frame, field);
  }
}

function mark(frame: HTMLElement, field: HTMLTextAreaElement): void {
  const boxes: HTMLButtonElement[] = [];
  let areas: Area[] = [];
  let odd: string[] = [];

  /** Writes the marks into the field, before the lines that are none, and shows them. */
  const keep = (changed: Area[]): void => {
    areas = changed;
    field.value = [...areas.map((area) => area.map((part) => String(part / 10)).join(" ")), ...odd].join("\n");
    show();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const set = (at: number, area: Area): void => keep(areas.map((old, place) => (place === at ? area : old)));

  const show = (): void => {
    while (boxes.length > areas.length) boxes.pop()?.remove();
    while (boxes.length < areas.length) boxes.push(box(boxes.length));
    areas.forEach((area, at) => boxes[at] && place(boxes[at], area));
  };

  const box = (at: number): HTMLButtonElement => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "marked-area";
    element.ariaLabel = `${frame.dataset["name"] ?? ""} ${at + 1}`;
    element.addEventListener("keydown", (event) => {
      const area = areas[at];
      if (!area) return;
      const arrow = ARROWS[event.key];
      if (arrow) set(at, event.shiftKey ? sized(area, ...arrow) : moved(area, ...arrow));
      else if (event.key === "Delete" || event.key === "Backspace") {
        keep(areas.filter((_, place) => place !== at));
        (boxes[Math.min(at, boxes.length - 1)] ?? field).focus();
      } else return;
      event.preventDefault();
    });
    frame.append(element);
    return element;
  };

  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const begin = point(frame, event);
    const at = boxes.findIndex((each) => each === event.target);
    const held = areas[at];
    const before = areas;
    frame.setPointerCapture(event.pointerId);
    const follow = (to: PointerEvent): void => {
      const [x, y] = point(frame, to);
      if (held) set(at, moved(held, x - begin[0], y - begin[1]));
      else keep([...before, between(begin, [x, y])]);
    };
    const end = (): void => {
      frame.removeEventListener("pointermove", follow);
      const last = areas[areas.length - 1];
      if (!held && areas.length > before.length && last && (last[2] < SMALLEST || last[3] < SMALLEST)) keep(before);
    };
    frame.addEventListener("pointermove", follow);
    frame.addEventListener("lostpointercapture", end, { once: true });
    if (held) boxes[at]?.focus();
    event.preventDefault();
  });

  const read = (): void => {
    ({ areas, odd } = written(field.value));
    show();
  };
  field.addEventListener("input", read);
  read();
  frame.after(hint(frame.dataset["hint"] ?? ""), adding(frame.dataset["add"] ?? "", () => {
    keep([...areas, NEW]);
    boxes[boxes.length - 1]?.focus();
  }));
}

/** The marks that a text names, and the lines that are none: they stay, the server says what is wrong with them. */
function written(text: string): { areas: Area[]; odd: string[] } {
  const [areas, odd]: [Area[], string[]] = [[], []];
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const area = areaOf(line);
    if (area) areas.push(area);
    else odd.push(line);
  }
  return { areas, odd };
}

/** The mark of a line, as a Japanese keyboard types it, too. */
function areaOf(line: string): Area | undefined {
  const parts = line.normalize("NFKC").split(/[\s,、%]+/).filter((part) => part !== "").map((part) => Math.round(Number(part) * 10));
  const [left, top, width, height, ...rest] = parts;
  if (left === undefined || top === undefined || width === undefined || height === undefined || rest.length > 0) return undefined;
  const fits = left >= 0 && top >= 0 && width > 0 && height > 0 && left + width <= WHOLE && top + height <= WHOLE;
  return fits ? [left, top, width, height] : undefined;
}

/** Where on the photo a pointer is. */
function point(frame: HTMLElement, event: PointerEvent): [number, number] {
  const { left, top, width, height } = frame.getBoundingClientRect();
  return [within(((event.clientX - left) / width) * WHOLE, 0, WHOLE), within(((event.clientY - top) / height) * WHOLE, 0, WHOLE)];
}

function between([x, y]: [number, number], [otherX, otherY]: [number, number]): Area {
  const [left, top] = [Math.min(x, otherX, WHOLE - 1), Math.min(y, otherY, WHOLE - 1)];
  return [left, top, within(Math.abs(x - otherX), 1, WHOLE - left), within(Math.abs(y - otherY), 1, WHOLE - top)];
}

function moved([left, top, width, height]: Area, right: number, down: number): Area {
  return [within(left + right, 0, WHOLE - width), within(top + down, 0, WHOLE - height), width, height];
}

function sized([left, top, width, height]: Area, wider: number, higher: number): Area {
  return [left, top, within(width + wider, SMALLEST, WHOLE - left), within(height + higher, SMALLEST, WHOLE - top)];
}

function within(number: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, number)));
}

function place(element: HTMLElement, [left, top, width, height]: Area): void {
  const style = { left, top, width, height };
  for (const [name, part] of Object.entries(style)) element.style.setProperty(name, `${part / 10}%`);
}

function hint(text: string): HTMLElement {
  const element = document.createElement("p");
  element.className = "hint";
  element.textContent = text;
  return element;
}

function adding(label: string, add: () => void): HTMLElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button button-secondary";
  element.textContent = label;
  element.addEventListener("click", add);
  return element;
}
