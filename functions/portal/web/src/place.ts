/** @file The place: where the device is, what is tapped on a map, what a photo says, or what is typed. */

import { coordinates, written } from "./coordinates.ts";
import { button, make, renewing } from "./dom.ts";
import { errorOf } from "./errors.ts";
import type { PlaceMap } from "./map.ts";
import { page, say, type At } from "./page.ts";
import type { Place } from "./store.ts";
import type { Uploads } from "./uploads.ts";
import type { Work } from "./work.ts";

/** Whose the tiles are; the server wrote it, and it goes with the map. */
const credit = document.getElementById("map-credit");
/** So long the device may look for itself. */
const FINDING_MS = 20_000;
/** A place that is farther off than this may be another street. */
const VAGUE_M = 50;

/** The section, and what it does when the draft changes. */
export function placeSection(work: Work, uploads: Uploads): { element: HTMLElement; hear: () => void } {
  const parts = [shown(work), offered(work, uploads), map(work), typed(work)];
  const element = make(
    "section",
    {},
    make("h2", {}, say("placeTitle")),
    make("p", { class: "note" }, say("placeHint")),
    errorOf("place"),
    parts[0]?.element,
    device(work),
    ...parts.slice(1).map(({ element }) => element),
    landmark(work),
  );
  return { element, hear: () => parts.forEach(({ hear }) => hear()) };
}

function set(work: Work, [lat, lon]: At, source: Place["source"], accuracy?: number): void {
  const round = (degrees: number): number => Math.round(degrees * 100_000) / 100_000;
  const place: Place = { lat: round(lat), lon: round(lon), source };
  if (accuracy !== undefined) place.accuracy = accuracy;
  work.change((draft) => (draft.place = place));
}

/** What the place is now. */
function shown(work: Work): Part {
  const element = make("p", { class: "place", role: "status" });
  const content = (): string[] => {
    const place = work.draft.place;
    if (!place) return [say("placeNone")];
    const at = written([place.lat, place.lon]);
    if (place.accuracy === undefined) return [say("placeIs", { at })];
    const metres = Math.ceil(place.accuracy);
    return [say("placeIsAbout", { at, metres }), metres > VAGUE_M ? ` ${say("placeVague")}` : ""];
  };
  return { element, hear: renewing(element, () => work.draft.place, content) };
}

interface Part {
  element: HTMLElement;
  hear: () => void;
}

function device(work: Work): HTMLElement {
  const words = make("p", { class: "note", role: "status" });
  const found = ({ coords }: GeolocationPosition): void => {
    words.textContent = "";
    set(work, [coords.latitude, coords.longitude], "device", Math.ceil(coords.accuracy));
  };
  const failed = ({ code }: { code: number }): void => {
    words.textContent = say(code === 1 ? "deviceDenied" : code === 3 ? "deviceLate" : "deviceUnable");
  };
  const find = (): void => {
    words.textContent = say("deviceFinding");
    if (!("geolocation" in navigator)) return failed({ code: 2 });
    navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: FINDING_MS, maximumAge: 0 });
  };
  return make("div", {}, button(say("device"), find, "main"), words);
}

/** Places that stand in photos; each is taken only by a press. */
function offered(work: Work, uploads: Uploads): Part {
  const element = make("div");
  const content = (): HTMLElement[] =>
    uploads.positions().map((at) => button(say("photoPlace", { at: written(at) }), () => set(work, at, "photo")));
  return { element, hear: renewing(element, () => uploads.positions(), content) };
}

function typed(work: Work): Part {
  const wrong = make("p", { class: "error", id: "coordinates-error", role: "alert", hidden: true }, say("coordinatesWrong"));
  const input = make("input", { id: "coordinates", type: "text", autocomplete: "off", "aria-describedby": "coordinates-error" });
  input.addEventListener("change", () => {
    const at = coordinates(input.value);
    wrong.hidden = at !== undefined || input.value.trim() === "";
    if (at) set(work, at, "map");
    else if (input.value.trim() === "") work.change((draft) => (draft.place = null));
  });
  const element = make("details", {}, make("summary", {}, say("coordinates")), make("label", { for: "coordinates" }, say("coordinatesHint")), wrong, input);
  let was: Place | null = null;
  const hear = (): void => {
    const place = work.draft.place;
    if (place === was) return;
    was = place;
    input.value = place ? written([place.lat, place.lon]) : "";
    wrong.hidden = true;
  };
  return { element, hear };
}

/** The map comes only when it is asked for: it is as large as all the rest. */
function map(work: Work): Part {
  const tiles = page.tiles;
  if (!tiles) return { element: make("div"), hear: () => undefined };
  const box = make("div", { class: "map", role: "region", "aria-label": say("mapName"), hidden: true });
  const words = make("p", { class: "note", role: "status" });
  let shown: PlaceMap | undefined;
  const open = button(say("map"), () => {
    words.textContent = say("mapLoading");
    const style = make("link", { rel: "stylesheet", href: page.mapStyle });
    const styled = new Promise((resolve) => ["load", "error"].forEach((event) => style.addEventListener(event, resolve)));
    document.head.append(style);
    Promise.all([import("./map.ts"), styled]).then(
      ([{ placeMap }]) => {
        open.hidden = true;
        if (credit) credit.hidden = false;
        box.hidden = false;
        words.textContent = say("mapHint");
        shown = placeMap(box, tiles, page.frame, [say("closer"), say("farther")], (at) => set(work, at, "map"));
        shown.mark(work.draft.place);
      },
      () => (words.textContent = say("mapFailed")),
    );
  });
  const element = make("div", {}, open, words, box, ...(credit ? [credit] : []));
  return { element, hear: () => shown?.mark(work.draft.place) };
}

function landmark(work: Work): HTMLElement {
  const input = make("input", { id: "landmark", type: "text", maxlength: String(page.placeTextMax), autocomplete: "off" });
  input.value = work.draft.placeText;
  input.addEventListener("input", () => work.change((draft) => (draft.placeText = input.value)));
  return make("div", { class: "field" }, make("label", { for: "landmark" }, say("landmark")), input);
}
