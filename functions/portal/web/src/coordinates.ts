/** @file Coordinates as people type and paste them: two decimals, also in full width. */

import type { At } from "./page.ts";

/** `35.12345, 139.12345`; `undefined` for anything else. Whole numbers may be anything, and are not taken. */
export function coordinates(text: string): At | undefined {
  const plain = text.normalize("NFKC").replace(/[、，]/g, ",").trim();
  const [, lat, lon] = /^\(?\s*(-?\d{1,2}\.\d+)\s*[,\s]\s*(-?\d{1,3}\.\d+)\s*\)?$/.exec(plain) ?? [];
  const at: At = [Number(lat), Number(lon)];
  return Math.abs(at[0]) <= 90 && Math.abs(at[1]) <= 180 ? at : undefined;
}

/** To five decimals, about a metre. */
export function written([lat, lon]: At): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}
