// The node's HTTP API below /dispatcher. The token is kept until the browser tab is closed.

const BASE = new URL('..', document.baseURI);
// Client certificates are credentials too; without TLS there are none, and 'omit' prevents the browser's own password dialog.
const CREDENTIALS = location.protocol === 'https:' ? 'same-origin' : 'omit';
// The outcome of an order is unknown.
const ACCEPTED = 202;
const TOKEN = 'sip-dispatcher.token';

/** An error response of the node, with its message. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let asking = null;
let declined = false;
let askForToken = () => Promise.reject(new Refused(401, 'token: none'));

/** Sets the function that asks the user for a token: called with whether one was refused, returns a promise of the token. */
export function tokensComeFrom(ask) {
  askForToken = ask;
}

export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
}

/** Whether the user closed the token dialog, so that it does not open again. */
export function isDeclined() {
  return declined;
}

/** Allows the token dialog to open again. */
export function askAgain() {
  declined = false;
}

async function ask(wasRefused) {
  try {
    sessionStorage.setItem(TOKEN, await askForToken(wasRefused));
  } catch (closed) {
    declined = true;
    throw closed;
  } finally {
    asking = null;
  }
}

/**
 * Opens one dialog, however many requests were refused; requests with an older token are just repeated. A refused token is
 * deleted at once, and after the user closes the dialog it does not open again.
 */
async function anotherToken(refused, message) {
  if (asking === null) {
    if (sessionStorage.getItem(TOKEN) !== refused) {
      return;
    }
    forgetToken();
    if (declined) {
      throw new Refused(401, message);
    }
    asking = ask(refused !== null);
  }
  await asking;
}

/** Sends a request, and asks the user for a token if the node refuses the current one. */
export async function open(path, options = {}) {
  for (;;) {
    const token = sessionStorage.getItem(TOKEN);
    const headers = { ...options.headers };
    if (token !== null) {
      headers.Authorization = `Bearer ${token}`;
    }
    const response = await fetch(new URL(path, BASE), { cache: 'no-store', credentials: CREDENTIALS, ...options, headers });
    if (response.status !== 401) {
      return response;
    }
    await anotherToken(token, (await said(response)).error);
  }
}

/** The body of a response, as an object; text that is not JSON becomes `error`. */
async function said(response) {
  const text = await response.text();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return { error: text.slice(0, 200) };
  }
}

async function answer(response) {
  const body = await said(response);
  if (response.status === ACCEPTED) {
    throw new Refused(response.status, `${body.message}. Check the destination before you repeat the order; order ${body.order}.`);
  }
  if (!response.ok) {
    throw new Refused(response.status, body.error || `the node answered ${response.status}`);
  }
  return body;
}

export async function get(path, options = {}) {
  return answer(await open(path, options));
}

/** The response is 503 if the node is not ready. */
export async function readiness() {
  const response = await open('ready');
  return response.json();
}

export async function post(path, body) {
  return answer(await open(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  }));
}

export async function postText(path, text) {
  return answer(await open(path, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: text }));
}

export async function remove(path, body) {
  return answer(await open(path, {
    method: 'DELETE', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  }));
}

export function destination(id, rest = '') {
  return `destinations/${encodeURIComponent(id)}${rest}`;
}

/** The path with a query of the values that are not empty. */
export function query(path, values) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== '' && value !== null && value !== undefined) {
      all.set(name, value);
    }
  }
  const text = all.toString();
  return text ? `${path}?${text}` : path;
}
