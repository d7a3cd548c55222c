/** @file The way of the photos: from the device straight to the store, again and again until they are there; and what became of them then. */

import { get, post, Refused, Unreachable } from "./api.ts";
import { pause } from "./line.ts";
import type { At } from "./page.ts";
import { findFile, forgetFile, keepFile, type DraftPhoto } from "./store.ts";
import { takeBack, type Work } from "./work.ts";

/** How a photo stands. */
export type Standing =
  | { is: "waiting" | "looked-at" | "kept" }
  | { is: "sending"; percent: number }
  | { is: "stuck" }
  | { is: "refused"; fault: string };

interface Link {
  photo: string;
  url: string;
  headers: Record<string, string>;
}

interface Seen {
  photo: string;
  state: "waiting" | "kept" | "refused" | "withdrawn";
  fault?: string;
  gps?: { lat: number; lon: number };
}

/** What the server has already. */
interface Kept {
  photo: string;
  url?: undefined;
}

/** The server counts photos whose answers were lost, too, until it gives them up; so often it is asked again. */
const TOO_MANY_TRIES = 6;
/** A report that was begun less than so long ago is not begun anew, whatever the server says about its id. */
const NEW_MS = 60_000;
/** A link to the store is good for so long. */
const LINK_MS = 600_000;
/** So often it is asked what became of a photo; the pauses between grow to half a minute. */
const LOOKS = 40;

export class Uploads {
  readonly #standings = new Map<number, Standing>();
  readonly #positions = new Map<number, At>();
  readonly #files = new Map<number, Blob>();
  readonly #previews = new Map<number, string>();
  readonly #ways = new Map<number, AbortController>();

  constructor(readonly work: Work) {}

  /** Goes on with the photos of a draft that was found. */
  resume(): void {
    for (const photo of this.work.draft.photos) void this.#bring(photo);
    this.#settle();
  }

  /** Takes a photo into the report. */
  add(file: File, type: string): void {
    const slot = this.work.draft.slots;
    const photo = { slot, type, bytes: file.size, id: null, sent: false };
    this.#files.set(slot, file);
    void keepFile(this.work.draft, slot, file);
    this.work.change((draft) => {
      draft.slots += 1;
      draft.photos.push(photo);
    });
    void this.#bring(photo);
  }

  /** Takes one out. */
  drop(slot: number): void {
    const photo = this.work.draft.photos.find((photo) => photo.slot === slot);
    this.#forget(slot);
    void forgetFile(this.work.draft, slot);
    this.work.change((draft) => {
      draft.photos = draft.photos.filter((photo) => photo.slot !== slot);
      if (photo?.id) draft.unwanted.push(photo.id);
    });
    this.#settle();
  }

  /** Forgets all; what is on its way stops. */
  clear(): void {
    for (const slot of [...this.#standings.keys(), ...this.#files.keys()]) this.#forget(slot);
  }

  standing(slot: number): Standing {
    return this.#standings.get(slot) ?? { is: "waiting" };
  }

  /** The places that stand in the photos. */
  positions(): At[] {
    const all = this.work.draft.photos.map(({ slot }) => this.#positions.get(slot)).filter((at) => at !== undefined);
    return all.filter(([lat, lon], index) => all.findIndex(([other, one]) => other === lat && one === lon) === index);
  }

  /** Those that cannot go with the report. */
  refused(): DraftPhoto[] {
    return this.work.draft.photos.filter(({ slot }) => this.standing(slot).is === "refused");
  }

  /** Those whose files are still to arrive. */
  missing(): DraftPhoto[] {
    return this.work.draft.photos.filter((photo) => !photo.sent && !this.refused().includes(photo));
  }

  /** Brings all of them anew, for a report with another id. */
  again(): void {
    this.#standings.clear();
    for (const way of this.#ways.values()) way.abort();
    this.work.change((draft) => {
      draft.report = null;
      draft.photos = draft.photos.map((photo) => ({ ...photo, id: null, sent: false }));
    });
    this.resume();
  }

  /** An address for the photo in this page. */
  async preview(slot: number): Promise<string | undefined> {
    const file = this.#previews.has(slot) ? undefined : await this.#file(slot);
    if (file && !this.#previews.has(slot)) this.#previews.set(slot, URL.createObjectURL(file));
    return this.#previews.get(slot);
  }

  /** Without a line it is tried before the next photo is sent. */
  #settle(): void {
    this.work.settle().catch(() => undefined);
  }

  #forget(slot: number): void {
    this.#ways.get(slot)?.abort();
    const preview = this.#previews.get(slot);
    if (preview) URL.revokeObjectURL(preview);
    for (const map of [this.#standings, this.#positions, this.#files, this.#previews, this.#ways]) map.delete(slot);
  }

  #isIn(photo: DraftPhoto): boolean {
    return this.work.draft.photos.includes(photo);
  }

  #stands(photo: DraftPhoto, standing: Standing): void {
    if (!this.#isIn(photo)) return;
    this.#standings.set(photo.slot, standing);
    this.work.tell();
  }

  async #file(slot: number): Promise<Blob | undefined> {
    return this.#files.get(slot) ?? findFile(this.work.draft, slot);
  }

  async #bring(photo: DraftPhoto): Promise<void> {
    for (let tries = 0; this.#isIn(photo); tries += 1) {
      try {
        if (!photo.sent) await this.#send(photo);
        return await this.#look(photo);
      } catch (error) {
        if (!this.#isIn(photo)) return;
        if (error instanceof Refused && error.field === "report" && Date.now() - this.work.draft.begun > NEW_MS) return this.again();
        const isPassing = !(error instanceof Refused) || (error.code === "too-many" && tries < TOO_MANY_TRIES);
        if (!isPassing) return this.#stands(photo, { is: "refused", fault: error.code });
        this.#stands(photo, { is: "stuck" });
        await pause(tries);
      }
    }
  }

  async #send(photo: DraftPhoto): Promise<void> {
    this.#stands(photo, { is: "sending", percent: 0 });
    const file = await this.#file(photo.slot);
    if (!file) throw new Refused("lost", undefined);
    await this.work.settle();
    const { slot, bytes, type } = photo;
    const link = await this.#link({ report: await this.work.id(), slot, bytes, type });
    if (!this.#isIn(photo)) return void takeBack(link.photo);
    this.work.change(() => (photo.id = link.photo));
    if (link.url !== undefined) {
      const way = new AbortController();
      this.#ways.set(slot, way);
      await put(link, file, way.signal, (percent) => this.#stands(photo, { is: "sending", percent }));
    }
    if (this.#isIn(photo)) this.work.change(() => (photo.sent = true));
  }

  /** Where the file goes; nowhere, if it is there already. A link that is asked for again is another one for the same photo. */
  async #link(asked: object): Promise<Link | Kept> {
    try {
      return await post<Link>("/photos", asked);
    } catch (error) {
      if (error instanceof Refused && error.code === "kept" && error.photo) return { photo: error.photo };
      throw error;
    }
  }

  async #look(photo: DraftPhoto): Promise<void> {
    this.#stands(photo, { is: "looked-at" });
    for (let looks = 0; looks < LOOKS && this.#isIn(photo) && photo.id; looks += 1) {
      const [seen] = await get<Seen[]>(`/photos?ids=${encodeURIComponent(photo.id)}`);
      if (seen?.gps) this.#positions.set(photo.slot, [seen.gps.lat, seen.gps.lon]);
      if (seen?.state === "kept") return this.#stands(photo, { is: "kept" });
      if (seen && seen.state !== "waiting") return this.#stands(photo, { is: "refused", fault: seen.fault ?? seen.state });
      await pause(Math.min(looks / 4, 5));
    }
  }
}

/** Brings a file to the store. `fetch` would not tell how much of it is there. */
function put({ url, headers }: Link, file: Blob, signal: AbortSignal, told: (percent: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => told(Math.floor((100 * loaded) / Math.max(total, 1)));
    request.onload = () => (request.status < 300 ? resolve() : reject(new Unreachable()));
    request.onerror = request.ontimeout = request.onabort = () => reject(new Unreachable());
    request.timeout = LINK_MS;
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
