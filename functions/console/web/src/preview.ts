/** @file The bubble of the phone follows the text while it is typed. */

import { followed, marked } from "./dom.ts";

export function followTexts(): void {
  for (const bubble of marked("preview", HTMLElement)) {
    const field = followed(bubble);
    if (!field) continue;
    const update = (): void => {
      const empty = field.value.trim() === "";
      bubble.textContent = empty ? (bubble.dataset["empty"] ?? "") : field.value;
    };
    field.addEventListener("input", update);
    update();
  }
}
