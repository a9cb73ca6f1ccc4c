// The node's HTTP, below /dispatcher. The token lives as long as the browser's tab.

const BASE = new URL('..', document.baseURI);
// Certificates of clients are such credentials too; without TLS there are none, and the browser is not to ask over our head.
const CREDENTIALS = location.protocol === 'https:' ? 'same-origin' : 'omit';
// Not known whether it was done.
const ACCEPTED = 202;
const TOKEN = 'sip-dispatcher.token';

/** What a node refused, in its words. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let asking = null;
let declined = false;
let askForToken = () => Promise.reject(new Refused(401, 'token: none'));

/** Who asks people for a token, told whether one was refused; answers with a promise of one. */
export function tokensComeFrom(ask) {
  askForToken = ask;
}

export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
}

/** Whether nobody is asked for a token any more, since the question was closed without one. */
export function isDeclined() {
  return declined;
}

/** The next refusal may ask for a token again. */
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
 * One question at a time, however many requests were refused; those sent with an older token just try again. A token that was
 * refused is forgotten at once, and whoever closes the question is not asked again.
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

/** A request that asks for a token if the node wants another one. */
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

/** What an answer says, whatever it is. */
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
    throw new Refused(response.status, `${body.message}. Look at the destination before you order it again; order ${body.order}.`);
  }
  if (!response.ok) {
    throw new Refused(response.status, body.error || `the node answered ${response.status}`);
  }
  return body;
}

export async function get(path, options = {}) {
  return answer(await open(path, options));
}

/** Readiness is told with 503 too. */
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

/** A query of those values that are not empty. */
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
