/** @file Who reports: LINE says it by an ID token, the server believes it for some hours. */

import { page } from "./page.ts";

/** The part of LINE's SDK that is used. */
export interface Liff {
  init(configuration: { liffId: string }): Promise<void>;
  isLoggedIn(): boolean;
  isInClient(): boolean;
  login(options: { redirectUri: string }): void;
  logout(): void;
  getIDToken(): string | null;
  closeWindow(): void;
}

/** The resident is not known, and the page cannot do anything about it by itself. */
export class NotKnown extends Error {}

/** Whoever was sent to LINE's login less than so long ago is not sent there again. */
const AGAIN_MS = 60_000;
const SENT_AT = "kairan-login";
/** Whose session this window has with the server. */
const SESSION_OF = "kairan-session";
const SIGNED_OUT = "kairan-signed-out";
/** Where LINE's app opens a page as the one who uses it; what stands behind the id is added to the address of the app. */
const OPENED_BY_LINE = "https://liff.line.me";
const ENDPOINT = "/report";

let liff: Liff | undefined;

/** By it the other windows of this browser hear that somebody signed out: their session is the same. Old browsers have none. */
const signOuts = "BroadcastChannel" in globalThis ? new BroadcastChannel("kairan-sign-outs") : undefined;
signOuts?.addEventListener("message", leave);

/** Loads LINE's SDK and asks who this is. Where nobody is logged in, the page is left for LINE's login. */
export async function begin(): Promise<Liff> {
  const { default: sdk } = (page.liffScript ? await import(page.liffScript) : await import("./liff.ts")) as { default: Liff };
  await sdk.init({ liffId: page.liffId });
  liff = sdk;
  if (!sdk.isLoggedIn()) return logIn(sdk.isInClient());
  return sdk;
}

/** What proves to the server who this is. */
export function token(): string {
  const token = liff?.getIDToken();
  if (!token) throw new NotKnown();
  return token;
}

/** Asks LINE anew, because the server does not believe the token; the page is left, and comes back to what it is. */
export function logInAgain(): Promise<never> {
  if (!liff) throw new NotKnown();
  // Asked first: who has no token any more may not be in LINE, either.
  const isInClient = liff.isInClient();
  // The SDK keeps the token that it has, even where LINE gives it a newer one.
  liff.logout();
  return logIn(isInClient);
}

/** Whether the server knows by its cookie that it is this resident: they may be another than before. */
export async function hasSession(): Promise<boolean> {
  return sessionStorage.getItem(SESSION_OF) === (await owner());
}

/** From now on the server knows. */
export async function sessionBegan(): Promise<void> {
  sessionStorage.setItem(SESSION_OF, await owner());
}

/** Forgets who this is, after the server did, in all windows; inside LINE nobody signs out. */
export function signOut(): void {
  signOuts?.postMessage("");
  leave();
}

/** Forgets who this is in this window. The page is begun anew, so that nothing of theirs goes on. */
function leave(): void {
  liff?.logout();
  for (const key of [SESSION_OF, SENT_AT]) sessionStorage.removeItem(key);
  sessionStorage.setItem(SIGNED_OUT, "yes");
  location.reload();
}

/** Whether somebody signed out just now: who opens the page after that wants to sign in. */
export function hasSignedOut(): boolean {
  const isSo = sessionStorage.getItem(SIGNED_OUT) !== null;
  sessionStorage.removeItem(SIGNED_OUT);
  return isSo;
}

/** A name for the resident by which this browser finds their draft again, and nobody finds them. */
export async function owner(): Promise<string> {
  const [, payload = ""] = token().split(".");
  const bytes = Uint8Array.from(atob(payload.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub: string };
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`kairan ${sub}`)));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The page inside LINE can be closed; `undefined` elsewhere. */
export function closing(): (() => void) | undefined {
  return liff?.isInClient() ? () => liff?.closeWindow() : undefined;
}

function logIn(isInClient: boolean): Promise<never> {
  const sentAt = Number(sessionStorage.getItem(SENT_AT) ?? 0);
  if (!liff || Date.now() - sentAt < AGAIN_MS) throw new NotKnown();
  sessionStorage.setItem(SENT_AT, String(Date.now()));
  // LINE's own browser asks for a token when it opens a page by its link, and only then.
  if (isInClient) location.replace(`${OPENED_BY_LINE}/${page.liffId}${location.pathname.slice(ENDPOINT.length)}${location.search}`);
  else liff.login({ redirectUri: location.href });
  return new Promise(() => undefined);
}
