/** @file Deeds that cannot be undone: it is asked once more before. */

import { button, make } from "./dom.ts";
import { say } from "./page.ts";

/** What the button says, what is asked then, and what the one says that does it. */
interface Asked {
  label: string;
  sure: string;
  yes: string;
  kind?: "plain" | "quiet";
  /** The id of what the button is about. */
  about?: string;
}

/** A button that asks once more. The fieldset around both is disabled where the deed has to wait. */
export function asking({ label, sure, yes, kind = "plain", about }: Asked, deed: () => void): HTMLFieldSetElement {
  const no = button(say("giveUpNo"), () => {
    question.hidden = true;
    ask.focus();
  });
  const attributes = { class: "notice bad", role: "group", "aria-label": label, hidden: true };
  const question = make("div", attributes, make("p", {}, sure), button(yes, deed), no);
  const ask = button(
    label,
    () => {
      question.hidden = false;
      no.focus();
    },
    kind,
  );
  if (about) ask.setAttribute("aria-describedby", about);
  return make("fieldset", {}, ask, question);
}
