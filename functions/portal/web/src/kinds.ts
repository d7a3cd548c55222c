/** @file What is broken: the kind, what is urgent about it, and its questions. */

import { make, renewing } from "./dom.ts";
import { errorOf } from "./errors.ts";
import { page, say, type Kind, type Question } from "./page.ts";
import type { Work } from "./work.ts";

/** The kind that was chosen, if the town still takes it. */
export function chosenKind(work: Work): Kind | undefined {
  return page.kinds.find(({ id, closed }) => id === work.draft.kind && !closed);
}

/** Answers are kept by kind and question: those of another kind come back with it. */
const key = (kind: Kind, question: Question): string => `${kind.id}/${question.id}`;

/** What was answered to each question; "" is that nobody knows. `undefined`: something is missing. */
export function answers(work: Work, kind: Kind): { question: string; text: string }[] | undefined {
  const given = kind.questions.map((question) => ({
    question: question.id,
    text: work.draft.answers[key(kind, question)] ?? (question.choices.length > 0 ? undefined : ""),
  }));
  return given.every((answer): answer is { question: string; text: string } => answer.text !== undefined) ? given : undefined;
}

/** The section, and what it does when the draft changes. */
export function kindSection(work: Work): { element: HTMLElement; hear: () => void } {
  const more = make("div");
  const hear = renewing(
    more,
    () => work.draft.kind,
    () => {
      const kind = chosenKind(work);
      return kind ? [urgent(kind), errorOf("answers"), ...kind.questions.map((question) => asked(work, kind, question))] : [];
    },
  );
  const element = make(
    "section",
    {},
    make("h2", { id: "h-kind" }, say("kindTitle")),
    errorOf("kind"),
    make("fieldset", { "aria-labelledby": "h-kind" }, ...page.kinds.map((kind) => choice(work, kind))),
    more,
  );
  return { element, hear };
}

function choice(work: Work, { id, name, description, closed }: Kind): HTMLElement {
  const input = make("input", { type: "radio", name: "kind", value: id, checked: work.draft.kind === id, disabled: closed !== "" });
  input.addEventListener("change", () => work.change((draft) => (draft.kind = id)));
  const about = closed ? make("span", { class: "closed" }, `${say("kindClosed")} ${closed}`) : make("span", { class: "note" }, description);
  return make("label", { class: "choice" }, input, make("span", {}, make("strong", {}, name), about));
}

/** What must not wait for a report. */
function urgent({ urgent, phone }: Kind): HTMLElement | null {
  if (urgent === "") return null;
  const call = make("a", { class: "button main", href: `tel:${phone.replace(/[^\d+]/g, "")}` }, say("call", { phone }));
  return make("div", { class: "notice bad", role: "status" }, make("strong", {}, say("urgentTitle")), make("p", {}, urgent), phone ? call : null);
}

function asked(work: Work, kind: Kind, question: Question): HTMLElement {
  const name = key(kind, question);
  const id = `q-${question.id}`;
  const answer = (text: string) => work.change((draft) => (draft.answers[name] = text));
  if (question.choices.length === 0) {
    const input = make("input", { id, type: "text", maxlength: String(page.textMax), autocomplete: "off" });
    input.value = work.draft.answers[name] ?? "";
    input.addEventListener("input", () => answer(input.value.trim()));
    const hint = make("p", { class: "note", id: `${id}-hint` }, say("answerHint"));
    input.setAttribute("aria-describedby", hint.id);
    return make("div", { class: "field" }, make("label", { for: id }, question.question), hint, input);
  }
  const radio = (value: string, label: string): HTMLElement => {
    const input = make("input", { type: "radio", name: id, value, checked: work.draft.answers[name] === value });
    input.addEventListener("change", () => answer(value));
    return make("label", { class: "choice" }, input, make("span", {}, label));
  };
  return make(
    "fieldset",
    { class: "field" },
    make("legend", {}, question.question),
    ...question.choices.map(({ value, label }) => radio(value, label)),
    radio("", say("unknown")),
  );
}
