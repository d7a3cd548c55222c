/** @file The menu of narrow screens closes by Escape and by a tap beside it; it opens by itself. */

import { marked } from "./dom.ts";

export function closeMenus(): void {
  for (const menu of marked("menu", HTMLDetailsElement)) {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary")?.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    });
  }
}
