/** @file The photos: chosen from camera or album, shown as they are, with what becomes of each. */

import { button, make, renewing } from "./dom.ts";
import { errorOf, sayErrors } from "./errors.ts";
import { page, say } from "./page.ts";
import type { Words } from "./words.ts";
import type { DraftPhoto } from "./store.ts";
import type { Standing, Uploads } from "./uploads.ts";

/** Files that go to the server; HEIC is told there what it is. Some phones name no type, so that the ending has to do. */
const TYPES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  heic: "image/heic",
  heif: "image/heif",
};
const FAULTS: Readonly<Record<string, keyof Words>> = {
  "too-large": "faultTooLarge",
  "too-many-pixels": "faultTooManyPixels",
  heic: "faultHeic",
  "other-format": "faultOtherFormat",
  broken: "faultBroken",
  gone: "faultGone",
  lost: "faultLost",
  "too-many": "faultTooMany",
  "filed-otherwise": "faultFiled",
  // Nothing but the place of the photo can be wrong with what the page asks: all of them were used.
  "bad-request": "faultTooOften",
};

/** Why a photo is not kept, in a sentence. */
export function faultOf(fault: string): string {
  return say(FAULTS[fault] ?? "faultOther");
}

/** The section, and what it does when the draft changes. */
export function photoSection(uploads: Uploads): { element: HTMLElement; hear: () => void } {
  const list = make("ul", { class: "photos" });
  const shown = new Map<number, Shown>();
  const input = make("input", { id: "photos", type: "file", accept: "image/*", multiple: true, "aria-describedby": "photos-hint" });
  input.addEventListener("change", () => {
    take(uploads, [...(input.files ?? [])]);
    // The same file may be chosen again.
    input.value = "";
  });
  const hear = (): void => {
    const photos = uploads.work.draft.photos;
    for (const [slot, { element }] of shown) {
      if (photos.some((photo) => photo.slot === slot)) continue;
      element.remove();
      shown.delete(slot);
    }
    for (const photo of photos) {
      const of = shown.get(photo.slot) ?? item(uploads, photo);
      if (!shown.has(photo.slot)) list.append(of.element);
      shown.set(photo.slot, of);
      of.hear();
    }
    input.disabled = photos.length >= page.photosMax;
  };
  const element = make(
    "section",
    {},
    make("h2", {}, make("label", { for: "photos" }, say("photosTitle", { max: page.photosMax }))),
    make("p", { class: "note", id: "photos-hint" }, say("photosHint")),
    errorOf("photos"),
    list,
    input,
  );
  return { element, hear };
}

interface Shown {
  element: HTMLElement;
  hear: () => void;
}

function take(uploads: Uploads, files: File[]): void {
  const wrong: string[] = [];
  for (const file of files) {
    const type = Object.values(TYPES).includes(file.type) ? file.type : file.type === "" ? TYPES[file.name.toLowerCase().split(".").at(-1) ?? ""] : undefined;
    if (uploads.work.draft.photos.length >= page.photosMax) {
      wrong.push(say("photosFull", { max: page.photosMax }));
      break;
    }
    if (!type) wrong.push(say("faultOtherFormat"));
    else if (file.size > page.photoBytesMax) wrong.push(say("faultTooLarge"));
    else if (file.size === 0) wrong.push(say("faultBroken"));
    else uploads.add(file, type);
  }
  sayErrors(wrong.length > 0 ? new Map([["photos", [...new Set(wrong)].join(" ")]]) : new Map());
}

function item(uploads: Uploads, { slot }: DraftPhoto): Shown {
  const image = make("img", { alt: say("photoAlt", { number: slot + 1 }) });
  void uploads.preview(slot).then((address) => {
    if (address) image.src = address;
  });
  const bar = make("progress", { max: "100", hidden: true, "aria-label": say("photoSending") });
  const words = make("p", { class: "note", role: "status" });
  const said = renewing(
    words,
    () => saidOf(uploads.standing(slot)),
    () => [saidOf(uploads.standing(slot))],
  );
  const drop = button(say("photoDrop"), () => uploads.drop(slot), "quiet");
  drop.ariaLabel = say("photoDropOne", { number: slot + 1 });
  const element = make("li", {}, image, make("div", {}, words, bar, drop));
  const hear = (): void => {
    const standing = uploads.standing(slot);
    bar.hidden = standing.is !== "sending";
    if (standing.is === "sending") bar.value = standing.percent;
    element.className = standing.is;
    said();
  };
  return { element, hear };
}

function saidOf(standing: Standing): string {
  switch (standing.is) {
    case "waiting":
      return say("photoWaiting");
    case "sending":
      return say("photoSending");
    case "stuck":
      return say("photoStuck");
    case "looked-at":
      return say("photoArrived");
    case "kept":
      return say("photoKept");
    case "refused":
      return faultOf(standing.fault);
  }
}
