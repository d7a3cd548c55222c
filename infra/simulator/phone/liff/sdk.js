// @ts-check
/**
 * @file Stands in for LINE's LIFF SDK in the pages of the local city: the same names, and the simulator where LINE would be.
 *
 * A page opened from the phone carries a one-time ticket in its fragment; the session that it is taken for stays in the tab,
 * and with it the first ID token: as with LINE's SDK a reload brings none that is newer, and only `logout()` forgets it.
 */

/** The simulator, from which this file comes. */
const HOME = new URL(import.meta.url).origin;
const SESSION = "liff-session";
const TOKEN = "liff-id-token";
const TICKET = /^#liff-ticket=([0-9a-f]+)$/;
const STATE = "liff.state";

/** @type {{ endpoint: string, session?: string, idToken?: string | null, inClient?: boolean } | null} */
let app = null;
/** @type {string | null} */
let id = null;
/** @type {() => void} */
let isReady = () => {};
const ready = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (isReady = resolve));

/**
 * An error as the SDK throws them.
 * @param {string} code
 * @param {string} message
 */
const failure = (code, message) => Object.assign(new Error(message), { code });

/** Takes the ticket out of the address, so that neither a reload nor a copied address uses it again. */
function ticket() {
  const [, found] = TICKET.exec(location.hash) ?? [];
  if (found) history.replaceState(history.state, "", location.pathname + location.search);
  return found;
}

/**
 * Keeps in the tab who it is, and goes on with the token that is kept already.
 * @param {{ session?: string, idToken?: string | null }} known
 */
function keep(known) {
  known.idToken = sessionStorage.getItem(TOKEN) ?? known.idToken;
  sessionStorage.setItem(SESSION, known.session ?? "");
  if (known.idToken) sessionStorage.setItem(TOKEN, known.idToken);
}

function forget() {
  sessionStorage.removeItem(SESSION);
  sessionStorage.removeItem(TOKEN);
}

/**
 * @param {{ liffId: string, withLoginOnExternalBrowser?: boolean }} config
 * @returns {Promise<void>} that never ends where the page goes on to another address
 */
async function init({ liffId, withLoginOnExternalBrowser }) {
  if (!liffId) throw failure("INVALID_CONFIG", "liffId is necessary for liff.init()");
  const body = JSON.stringify({ liffId, ticket: ticket(), session: sessionStorage.getItem(SESSION) });
  let response;
  try {
    response = await fetch(`${HOME}/liff/init`, { method: "POST", body });
  } catch (cause) {
    throw failure("INIT_FAILED", String(cause));
  }
  if (response.status === 404) throw failure("INVALID_CONFIG", "there is no LIFF app of this id");
  if (!response.ok) throw failure("INIT_FAILED", `the simulator answered ${response.status}`);
  app = await response.json();
  id = liffId;
  if (app?.session) keep(app);
  else forget();
  const state = new URLSearchParams(location.search).get(STATE);
  if (app && state && /^[/?#]/.test(state)) {
    location.replace(app.endpoint.replace(/\/$/, "") + state);
    await new Promise(() => {});
  }
  if (withLoginOnExternalBrowser && !isLoggedIn()) {
    login();
    await new Promise(() => {});
  }
  isReady();
}

const isLoggedIn = () => Boolean(app?.session);
const isInClient = () => app?.inClient === true;
const getIDToken = () => app?.idToken ?? null;

/** @param {{ redirectUri?: string }} [config] */
function login({ redirectUri = location.href } = {}) {
  if (isInClient()) return;
  location.assign(`${HOME}/liff/login?redirectUri=${encodeURIComponent(redirectUri)}`);
}

function logout() {
  forget();
  app = app && { endpoint: app.endpoint };
}

function getOS() {
  if (/iPhone|iPad/.test(navigator.userAgent)) return "ios";
  return /Android/.test(navigator.userAgent) ? "android" : "web";
}

export default {
  get id() {
    return id;
  },
  ready,
  init,
  isLoggedIn,
  isInClient,
  getIDToken,
  login,
  logout,
  getOS,
  getAppLanguage: () => navigator.language,
  closeWindow: () => window.close(),
  /** @param {{ url: string }} config */
  openWindow: ({ url }) => void window.open(url, "_blank", "noopener"),
};
