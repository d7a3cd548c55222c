/** @file The map on which a place is tapped. It works where no tiles come, too: as a grey field with the place in it. */

import { circle, divIcon, marker, type Circle, type Map as LeafletMap, type Marker } from "leaflet";
import type { At } from "./page.ts";
import type { Place } from "./store.ts";
import { JAPAN, NEAR, tiledMap } from "./tiles.ts";

/** The map of a page. */
export class PlaceMap {
  #place: Place | null = null;
  #mark: Marker | undefined;
  #around: Circle | undefined;

  constructor(readonly map: LeafletMap) {}

  /** Shows a place with how far off it may be; or that there is none. */
  mark(place: Place | null): void {
    if (place === this.#place) return;
    this.#place = place;
    this.#mark?.remove();
    this.#around?.remove();
    if (!place) return;
    const at: At = [place.lat, place.lon];
    const sign = document.createElement("span");
    sign.className = "pin pin-picked";
    this.#mark = marker(at, { icon: divIcon({ className: "pin-box", html: sign, iconSize: [32, 32] }), interactive: false, keyboard: false });
    this.#mark.addTo(this.map);
    if (place.accuracy !== undefined) this.#around = circle(at, { radius: place.accuracy, interactive: false }).addTo(this.map);
    if (!this.map.getBounds().contains(at) || this.map.getZoom() < NEAR) this.map.setView(at, NEAR, { animate: false });
  }
}

/** Makes the map in an element; a tap on it is a place. */
export function placeMap(
  element: HTMLElement,
  tiles: string,
  frame: [At, At] | null,
  [closer, farther]: [string, string],
  tapped: (at: At) => void,
): PlaceMap {
  const map = tiledMap(element, tiles, closer, farther);
  map.fitBounds(frame ?? JAPAN, { animate: false });
  map.on("click", ({ latlng }) => tapped([latlng.lat, latlng.lng]));
  return new PlaceMap(map);
}
