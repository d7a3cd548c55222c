/** @file How elements are made. Texts become text, never markup. */

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | boolean | null | undefined | (() => void)>>;

/** An element with its attributes and content. `true` is an attribute without a value; a function hears the event of that name. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...content: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  element.append(...content.filter((child) => child instanceof Node || (typeof child === "string" && child !== "")) as (Node | string)[]);
  return element;
}

/** A button that does something. */
export function button(label: string, pressed: () => void, kind: "main" | "plain" | "quiet" = "plain"): HTMLButtonElement {
  return make("button", { type: "button", class: `button ${kind}`, click: pressed }, label);
}

/** A sentence that is read aloud when it appears. */
export function notice(kind: "good" | "bad" | "plain", ...content: Child[]): HTMLElement {
  return make("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" }, ...content);
}

/** Makes the content of an element anew when what it depends on has changed, and only then: what has the focus keeps it. */
export function renewing(element: HTMLElement, dependsOn: () => unknown, content: () => Child[]): () => void {
  let shown: string | undefined;
  return () => {
    const now = JSON.stringify(dependsOn()) ?? "";
    if (now === shown) return;
    shown = now;
    element.replaceChildren(...make("div", {}, ...content()).childNodes);
  };
}

/** Puts the focus on what was not made for it, and brings it into sight. */
export function lookAt(element: HTMLElement): void {
  if (!element.matches("a, button, input, select, textarea")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
}
