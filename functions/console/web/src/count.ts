/** @file Counts a text while it is typed, in UTF-16 units as LINE does, and says the count when typing pauses. */

import { filled, followed, marked } from "./dom.ts";

/** A screen reader hears the count after this pause, not at every key. */
const PAUSE_MS = 1_000;

export function countTexts(): void {
  for (const shown of marked("count", HTMLElement)) {
    const field = followed(shown);
    if (field) count(shown, field);
  }
}

function count(shown: HTMLElement, field: HTMLTextAreaElement): void {
  const max = Number(shown.dataset["max"]);
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("aria-live", "polite");
  shown.after(said);
  let pause: ReturnType<typeof setTimeout> | undefined;

  const update = (): void => {
    // A string's length is its UTF-16 units; a field's value holds line ends as one.
    const n = field.value.length;
    const sentence = shown.dataset[n > max ? "wordsOver" : "words"] ?? "";
    const text = filled(sentence, { n, max, over: n - max });
    shown.textContent = text;
    shown.toggleAttribute("data-over", n > max);
    clearTimeout(pause);
    pause = setTimeout(() => (said.textContent = text), PAUSE_MS);
  };
  field.addEventListener("input", update);
  // A browser may have put back what was typed before.
  if (field.value !== field.defaultValue) update();
}
