/** @file A map of tiles, with buttons of our own. */

import { map as mapIn, tileLayer, type Map as LeafletMap } from "leaflet";
import type { At } from "./page.ts";

/** How near one is to a single place: a few houses. */
export const NEAR = 17;
/** What a map shows where nothing else says it. */
export const JAPAN: [At, At] = [
  [30, 129],
  [46, 146],
];
/** What opens on the map keeps so far away from its left and upper edge, in pixels: the buttons stand there. */
export const BELOW_BUTTONS: At = [8, 64];
/** Tiles are drawn up to this, and stretched beyond. */
const DRAWN = 18;
const NEAREST = 20;

/** A map in an element. Whose tiles these are, the page says beside it. */
export function tiledMap(element: HTMLElement, tiles: string, closer: string, farther: string): LeafletMap {
  const map = mapIn(element, { zoomControl: false, attributionControl: false, zoomAnimation: false });
  tileLayer(tiles, { maxNativeZoom: DRAWN, maxZoom: NEAREST }).addTo(map);
  // Those of Leaflet are links that lead nowhere.
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
  return map;
}
