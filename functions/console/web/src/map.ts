/** @file The maps of damage reports, on the pages that have one. What is shown stands in the page's own list; without a script that is all. */

import { divIcon, map as mapIn, marker, tileLayer, type LatLngTuple, type Map as LeafletMap, type Marker } from "leaflet";
import { marked } from "./dom.ts";

/** How near one is to a single place: a few houses. */
const NEAR = 17;
/** Tiles are drawn up to this, and stretched beyond. */
const DRAWN = 18;
const NEAREST = 20;
const JAPAN: LatLngTuple[] = [
  [30, 129],
  [46, 146],
];

/** What opens on the map keeps so far away from its left and upper edge, in pixels: the buttons stand there. */
const BELOW_BUTTONS: [number, number] = [8, 64];

/** A report in the page's list. */
interface Shown {
  at: LatLngTuple;
  item: HTMLElement;
}

for (const element of marked("map", HTMLElement)) {
  const fold = element.closest("details");
  // A map has no size as long as it is folded away.
  if (fold && !fold.open) fold.addEventListener("toggle", () => show(element), { once: true });
  else show(element);
}

function show(element: HTMLElement): void {
  element.hidden = false;
  const words = element.dataset;
  // Whose tiles these are, the page says below the map.
  const map = mapIn(element, { zoomControl: false, attributionControl: false, zoomAnimation: false });
  tileLayer(words["tiles"] ?? "", { maxNativeZoom: DRAWN, maxZoom: NEAREST }).addTo(map);
  zoomButtons(map, words["closer"] ?? "", words["farther"] ?? "");
  const shown = listed(words["list"] ?? "");
  for (const report of shown) pin(report).addTo(map);
  const field = document.getElementById(words["picks"] ?? "");
  const typed = field instanceof HTMLInputElement ? place(field.value) : undefined;
  lookAt(map, [...shown.map((report) => report.at), ...(typed ? [typed] : [])], frame(words["frame"]));
  if (field instanceof HTMLInputElement) pick(map, field, typed);
}

/** What stands in the list with this id. */
function listed(id: string): Shown[] {
  const items = document.querySelectorAll(`#${CSS.escape(id)} [data-point]`);
  return [...items].flatMap((item) => {
    const at = item instanceof HTMLElement ? place(item.dataset["point"] ?? "") : undefined;
    return at && item instanceof HTMLElement ? [{ at, item }] : [];
  });
}

/** A report on the map: a sign in a shape, which opens to its line of the list. */
function pin({ at, item }: Shown): Marker {
  const sign = document.createElement("span");
  sign.className = `pin pin-${item.dataset["standing"] ?? ""}`;
  sign.textContent = item.dataset["sign"] ?? "";
  const icon = divIcon({ className: "pin-box", html: sign, iconSize: [32, 32] });
  const shown = marker(at, { icon, title: item.dataset["name"] ?? "", riseOnHover: true });
  const copy = document.createElement("div");
  for (const node of item.childNodes) copy.append(node.cloneNode(true));
  return shown.bindPopup(copy, { closeButton: false, autoPanPaddingTopLeft: BELOW_BUTTONS });
}

/** A tap puts the place into the field, and a mark on the map; typing moves the mark. */
function pick(map: LeafletMap, field: HTMLInputElement, typed: LatLngTuple | undefined): void {
  const sign = document.createElement("span");
  sign.className = "pin pin-picked";
  const icon = divIcon({ className: "pin-box", html: sign, iconSize: [32, 32] });
  const mark = marker(typed ?? [0, 0], { icon, interactive: false, keyboard: false });
  if (typed) mark.addTo(map);
  map.on("click", ({ latlng }) => {
    mark.setLatLng(latlng).addTo(map);
    field.value = `${latlng.lat.toFixed(5)}, ${latlng.lng.toFixed(5)}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("change", () => {
    const at = place(field.value);
    if (!at) return;
    mark.setLatLng(at).addTo(map);
    map.setView(at, Math.max(map.getZoom(), NEAR));
  });
}

function lookAt(map: LeafletMap, places: LatLngTuple[], around: LatLngTuple[] | undefined): void {
  const [only] = places;
  if (only && places.length === 1) map.setView(only, NEAR);
  else map.fitBounds(places.length > 0 ? places : (around ?? JAPAN), { maxZoom: NEAR, animate: false, padding: [24, 24] });
}

/** Our own buttons: those of Leaflet are links that lead nowhere. */
function zoomButtons(map: LeafletMap, closer: string, farther: string): void {
  const row = document.createElement("div");
  row.className = "map-buttons leaflet-top leaflet-left";
  for (const [sign, label, step] of [["＋", closer, 1] as const, ["－", farther, -1] as const]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.ariaLabel = label;
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      map.setZoom(map.getZoom() + step);
    });
    row.append(button);
  }
  map.getContainer().append(row);
}

/** `35.1,139.1` */
function place(text: string): LatLngTuple | undefined {
  const [lat, lon, ...rest] = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (lat === undefined || lon === undefined || rest.length > 0) return undefined;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lat, lon] : undefined;
}

/** `35.1,139.1,35.2,139.3`: the south-west corner, then the north-east one. */
function frame(text: string | undefined): LatLngTuple[] | undefined {
  const parts = (text ?? "").split(",");
  const corners = [place(parts.slice(0, 2).join(",")), place(parts.slice(2).join(","))];
  return corners.every((corner) => corner !== undefined) ? corners : undefined;
}
