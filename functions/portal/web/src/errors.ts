/** @file What is wrong with the fields, each said at its field. */

import { lookAt, make } from "./dom.ts";

/** The parts of a report that something can be wrong with, in the order of the page. */
const FIELDS = ["kind", "answers", "photos", "place", "comment", "near", "send"] as const;
export type Field = (typeof FIELDS)[number];

/** Where it is said what is wrong with a field. */
export function errorOf(field: Field): HTMLElement {
  return make("p", { class: "error", id: `error-${field}`, role: "alert", hidden: true });
}

/** Says no longer what was wrong and is mended; what else is said at a field stays until it is tried again. */
export function hideMended(was: ReadonlyMap<Field, string>, is: ReadonlyMap<Field, string>): void {
  for (const [field, text] of was) {
    const element = is.has(field) ? null : document.getElementById(`error-${field}`);
    if (element?.textContent === text) element.hidden = true;
  }
}

/** Says what is wrong, and nothing else any more; the first of it is looked at. */
export function sayErrors(errors: ReadonlyMap<Field, string>): void {
  for (const field of FIELDS) {
    const element = document.getElementById(`error-${field}`);
    if (!element) continue;
    element.textContent = errors.get(field) ?? "";
    element.hidden = !errors.has(field);
  }
  const first = FIELDS.find((field) => errors.has(field));
  const element = first && document.getElementById(`error-${first}`);
  if (element) lookAt(element);
}
