/** @file The map of the reports that staff released. What it shows stands in the page's own list. */

import { divIcon, marker, type Marker } from "leaflet";
import { coordinates } from "./coordinates.ts";
import type { At } from "./page.ts";
import { BELOW_BUTTONS, JAPAN, NEAR, tiledMap } from "./tiles.ts";

for (const element of document.querySelectorAll("[data-map]")) if (element instanceof HTMLElement) show(element);

function show(element: HTMLElement): void {
  element.hidden = false;
  const { tiles = "", list = "", frame = "", closer = "", farther = "" } = element.dataset;
  const map = tiledMap(element, tiles, closer, farther);
  const items = [...document.querySelectorAll(`#${CSS.escape(list)} [data-point]`)].filter((item) => item instanceof HTMLElement);
  const pins = items.flatMap((item) => {
    const at = coordinates(item.dataset["point"] ?? "");
    return at ? [{ at, pin: pin(at, item) }] : [];
  });
  for (const { pin } of pins) pin.addTo(map);
  const corners = frame.split(" ").flatMap((corner) => [coordinates(corner)].filter((at) => at !== undefined));
  const around = pins.length > 0 ? pins.map(({ at }) => at) : corners.length === 2 ? corners : JAPAN;
  map.fitBounds(around, { maxZoom: NEAR, animate: false, padding: [24, 24] });
}

/** A report on the map: a sign, which opens to its line of the list. */
function pin(at: At, item: HTMLElement): Marker {
  const { standing = "", sign = "", name = "" } = item.dataset;
  const mark = document.createElement("span");
  mark.className = `pin pin-${standing}`;
  mark.textContent = sign;
  const copy = document.createElement("div");
  for (const node of item.childNodes) copy.append(node.cloneNode(true));
  const icon = divIcon({ className: "pin-box", html: mark, iconSize: [32, 32] });
  return marker(at, { icon, title: name, riseOnHover: true }).bindPopup(copy, { closeButton: false, autoPanPaddingTopLeft: BELOW_BUTTONS });
}
