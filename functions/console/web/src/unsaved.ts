/** @file Asks before a page is left on which something was typed and not sent. */

import { marked } from "./dom.ts";

export function warnUnsaved(): void {
  const forms = marked("unsaved", HTMLFormElement);
  if (forms.length === 0) return;
  const before = new Map(forms.map((form) => [form, content(form)]));
  let sending: HTMLFormElement | undefined;
  const dirty = (form: HTMLFormElement): boolean => form.dataset["unsaved"] === "dirty" || content(form) !== before.get(form);

  const ask = (event: BeforeUnloadEvent): void => {
    // What is sent is not lost; what was typed into another form of the page would be.
    if (forms.some((form) => form !== sending && dirty(form))) event.preventDefault();
  };
  // Only while there is something to lose: a page that listens is not kept for the back button by some browsers.
  const listen = (): void => {
    removeEventListener("beforeunload", ask);
    if (forms.some(dirty)) addEventListener("beforeunload", ask);
  };
  for (const form of forms) {
    form.addEventListener("input", listen);
    form.addEventListener("change", listen);
    form.addEventListener("submit", () => (sending = form));
  }
  // Back from the cache of the back button: nothing is being sent any more.
  addEventListener("pageshow", () => (sending = undefined));
  listen();
}

/** What would be sent, as one string; a file counts by its name and size. */
function content(form: HTMLFormElement): string {
  const values = [...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : [value.name, value.size]]);
  return JSON.stringify(values);
}
