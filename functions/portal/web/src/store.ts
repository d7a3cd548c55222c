/** @file The draft on the device: what was entered, and the photos as files. Where the browser keeps nothing, it lives as long as the page. */

/** Where the damage is, and how that came to be known. */
export interface Place {
  lat: number;
  lon: number;
  /** In metres, where the device said so. */
  accuracy?: number;
  source: "device" | "map" | "photo";
}

/** A photo of a draft. */
export interface DraftPhoto {
  /** Its place at the server, which is never used twice in a draft. */
  slot: number;
  type: string;
  bytes: number;
  /** The server's name for it. */
  id: string | null;
  /** Its file has arrived. */
  sent: boolean;
}

/** A report in the making, one for each resident of this browser. */
export interface Draft {
  owner: string;
  begun: number;
  report: string | null;
  kind: string;
  answers: Record<string, string>;
  place: Place | null;
  placeText: string;
  comment: string;
  photos: DraftPhoto[];
  slots: number;
  /** For which kind and place the resident said that it is none of those nearby. */
  others: string;
  /** The server's names for photos that were taken out, and that it does not know of yet. */
  unwanted: string[];
  /** The resident asked for it to be sent, and the answer is not here yet. */
  sending: boolean;
}

/** The server knows a draft as long. */
const DRAFT_MS = 24 * 60 * 60 * 1000;

const DATABASE = "kairan-reports";
const DRAFTS = "drafts";
const FILES = "files";

/** A draft with nothing in it. */
export function emptyDraft(owner: string): Draft {
  const empty = { report: null, kind: "", answers: {}, place: null, placeText: "", comment: "", photos: [], slots: 0, others: "", unwanted: [], sending: false };
  return { owner, begun: Date.now(), ...empty };
}

/** The draft of a resident; those that are too old, of whomever, are forgotten. */
export async function findDraft(owner: string): Promise<Draft | undefined> {
  const drafts = (await attempt<Draft[]>("readonly", (drafts) => drafts.getAll())) ?? [];
  for (const draft of drafts) if (isOver(draft)) await forget(draft);
  return drafts.find((draft) => draft.owner === owner && !isOver(draft));
}

/**
 * Lets this page alone have the draft of a resident, as long as it is open; `got` follows if it may. `in-any-case`: the page that had it
 * hears that it is `lost`.
 */
export async function forThisPage(owner: string, when: "if-free" | "in-any-case", got: () => Promise<void>, lost: () => void): Promise<void> {
  // Old browsers have no locks.
  if (!("locks" in navigator)) return got();
  const isMine = await new Promise<boolean>((resolve) => {
    const options: LockOptions = when === "if-free" ? { ifAvailable: true } : { steal: true };
    let has = false;
    const held = navigator.locks.request(`${DATABASE} ${owner}`, options, (lock) => {
      has = lock !== null;
      resolve(has);
      return has ? new Promise(() => undefined) : undefined;
    });
    // A browser that gives no locks is an old one, too.
    held.catch(() => (has ? lost() : resolve(true)));
  });
  if (isMine) await got();
}

/** Keeps what was entered. */
export async function keep(draft: Draft): Promise<void> {
  keepsDraft = (await attempt("readwrite", (drafts) => drafts.put(draft))) !== undefined;
}

/** Keeps the file of a photo. */
export async function keepFile(draft: Draft, slot: number, file: Blob): Promise<void> {
  const kept = await attempt("readwrite", (_, files) => files.put(file, [draft.owner, slot]));
  keepsFiles = keepsFiles && kept !== undefined;
}

/** Whether all that was entered is on the device, as far as that was tried. */
export function isKept(): boolean {
  return keepsDraft && keepsFiles;
}

/** The file of a photo. */
export function findFile(draft: Draft, slot: number): Promise<Blob | undefined> {
  return attempt<Blob>("readonly", (_, files) => files.get([draft.owner, slot]));
}

/** Forgets the file of a photo. */
export async function forgetFile(draft: Draft, slot: number): Promise<void> {
  await attempt("readwrite", (_, files) => files.delete([draft.owner, slot]));
}

/** Forgets a draft with its photos. */
export async function forget({ owner }: Draft): Promise<void> {
  await attempt("readwrite", (drafts, files) => {
    files.delete(IDBKeyRange.bound([owner], [owner, []]));
    return drafts.delete(owner);
  });
}

function isOver(draft: Draft): boolean {
  return Date.now() - draft.begun > DRAFT_MS;
}

let opened: Promise<IDBDatabase> | undefined;
let keepsDraft = true;
/** A file that could not be kept will not be tried again. */
let keepsFiles = true;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(DRAFTS, { keyPath: "owner" });
      request.result.createObjectStore(FILES);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** Does something with the stores. A browser that keeps nothing, or has no room left, is no reason to stop. */
async function attempt<T>(
  mode: IDBTransactionMode,
  deed: (drafts: IDBObjectStore, files: IDBObjectStore) => IDBRequest,
): Promise<T | undefined> {
  try {
    const transaction = (await database()).transaction([DRAFTS, FILES], mode);
    const request = deed(transaction.objectStore(DRAFTS), transaction.objectStore(FILES));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    return request.result as T;
  } catch {
    return undefined;
  }
}
