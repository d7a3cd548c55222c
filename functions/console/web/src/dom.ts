/** @file What the modules share: finding their elements, and putting numbers into words that the server wrote. */

/** All elements of a kind that carry `data-NAME`. */
export function marked<E extends HTMLElement>(name: string, kind: new () => E): E[] {
  return [...document.querySelectorAll(`[data-${name}]`)].filter((element): element is E => element instanceof kind);
}

/** The text field that an element follows by `data-for`. */
export function followed(element: HTMLElement): HTMLTextAreaElement | undefined {
  const field = document.getElementById(element.dataset["for"] ?? "");
  return field instanceof HTMLTextAreaElement ? field : undefined;
}

/** `{name}` in a sentence replaced by its number, with commas as the server writes them. */
export function filled(sentence: string, numbers: Readonly<Record<string, number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => numbers[name]?.toLocaleString("ja-JP") ?? whole);
}
