/** @file The calls to the server. A session that has ended is begun anew on the way. */

import { hasSession, logInAgain, sessionBegan, token } from "./login.ts";

const PATH = "/report";
/** So long an answer may take before it counts as lost. */
const PATIENCE_MS = 30_000;

/** The server said no, and will again: `code` is its word for why, `field` what is wrong, `photo` the one that it has already. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly field: string | undefined,
    readonly photo?: string | undefined,
  ) {
    super(code);
  }
}

/** No answer came, or one that may be another the next time. */
export class Unreachable extends Error {}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);
export const post = <T>(path: string, body: object = {}): Promise<T> => call<T>("POST", path, body);
export const remove = (path: string): Promise<void> => call("DELETE", path);

/** Sees to it that the server knows who this is. A session of this resident may last longer than what proves to LINE's page who they are. */
export async function ensureSession(): Promise<void> {
  if (!(await hasSession())) await beginSession();
}

/** The server forgets who this is. */
export async function endSession(): Promise<void> {
  try {
    await send("DELETE", "/session");
  } catch (error) {
    // It has forgotten already.
    if (!(error instanceof Refused && error.code === "no-session")) throw error;
  }
}

async function beginSession(): Promise<void> {
  try {
    await send("POST", "/session", { idToken: token() });
    await sessionBegan();
  } catch (error) {
    if (error instanceof Refused && error.code === "not-believed") return logInAgain();
    throw error;
  }
}

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  try {
    return (await send(method, path, body)) as T;
  } catch (error) {
    if (!(error instanceof Refused && error.code === "no-session")) throw error;
    await beginSession();
    return (await send(method, path, body)) as T;
  }
}

async function send(method: string, path: string, body?: object): Promise<unknown> {
  const request: RequestInit = { method, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) };
  if (body) Object.assign(request, { headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const { status, text } = await fetch(PATH + path, request).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    () => Promise.reject(new Unreachable()),
  );
  if (status >= 500) throw new Unreachable();
  const said: unknown = text === "" ? undefined : read(text);
  if (status < 400) return said;
  const { error, field, photo } = (said ?? {}) as { error?: string; field?: string; photo?: string };
  throw new Refused(error ?? "", field, photo);
}

/** Something between us and the server may answer in its place. */
function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreachable();
  }
}
