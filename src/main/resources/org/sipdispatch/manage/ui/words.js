// Formats of states, times and numbers.
import { h, setClass, setText } from './dom.js';

const SHAPES = { Active: '●', Probing: '▲', Inactive: '■', Unknown: '○' };

/** States by urgency, the most urgent first. */
export const ORDER = { Inactive: 0, Probing: 1, Unknown: 2, Active: 3 };

export function stateOf(row) {
  return SHAPES[row.state] ? row.state : 'Unknown';
}

/** Shows the state by colour, shape and word; each of them alone is sufficient. */
export function badge(state) {
  const element = h('span', { class: 'badge' }, h('span', { class: 'shape', 'aria-hidden': 'true' }), h('span', {}));
  setBadge(element, state);
  return element;
}

export function setBadge(element, state) {
  const known = SHAPES[state] ? state : 'Unknown';
  setClass(element, `badge ${known.toLowerCase()}`);
  setText(element.firstChild, SHAPES[known]);
  setText(element.lastChild, known);
}

export function tag(text, kind = '') {
  return h('span', { class: `tag ${kind}` }, text);
}

let aheadMs = 0;

/** Sets the node's time, which all displayed durations refer to. */
export function clockIs(atMs) {
  aheadMs = atMs - Date.now();
}

export function now() {
  return Date.now() + aheadMs;
}

export function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  if (seconds < 86400) {
    const minutes = Math.floor((seconds % 3600) / 60);
    return `${Math.floor(seconds / 3600)} h${minutes ? ` ${minutes} min` : ''}`;
  }
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

export function since(atMs) {
  return atMs ? duration(now() - atMs) : '–';
}

export function ago(atMs) {
  return atMs ? `${duration(now() - atMs)} ago` : 'never';
}

export function ahead(atMs) {
  return !atMs ? 'not planned' : atMs > now() ? `in ${duration(atMs - now())}` : 'due';
}

const TWO = (number) => String(number).padStart(2, '0');

/** Date and time in the browser's zone, sortable. */
export function stamp(atMs) {
  if (!atMs) {
    return '–';
  }
  const at = new Date(atMs);
  return `${at.getFullYear()}-${TWO(at.getMonth() + 1)}-${TWO(at.getDate())} ${clock(atMs)}`;
}

export function clock(atMs) {
  const at = new Date(atMs);
  return `${TWO(at.getHours())}:${TWO(at.getMinutes())}:${TWO(at.getSeconds())}`;
}

export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined || Number.isNaN(perSecond)) {
    return '–';
  }
  if (perSecond === 0) {
    return '0';
  }
  return perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString('en');
}

export function millis(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) {
    return '–';
  }
  return ms > 0 && ms < 10 ? ms.toFixed(1) : String(Math.round(ms));
}

/** A figure of quality, rounded; a dash without calls. */
export function figure(value) {
  return value === undefined || value === null ? '–' : String(Math.round(value));
}

/** Why a destination gets fewer requests at present; empty for no reason. */
export function shareText(share) {
  if (share?.backoffMs > 0) {
    return `backoff ${duration(Math.max(1000, share.backoffMs))}`;
  }
  return share?.slowStartPercent < 100 ? `slow start ${share.slowStartPercent} %` : '';
}

export function count(number) {
  return Number(number ?? 0).toLocaleString('en');
}

export function setName(row) {
  return `${row.partition}:${row.set}`;
}

let onlyDefault = true;

/** The partitions of all destinations. */
export function partitionsAre(names) {
  onlyDefault = names.every((name) => name === 'default');
}

/** The set's name for people: the number alone where default is the only partition. */
export function setLabel(row) {
  return onlyDefault && row.partition === 'default' ? String(row.set) : setName(row);
}

/** The result of a ping. */
export function ping(result) {
  if (!result || !result.result) {
    return 'none yet';
  }
  const tripMs = result.roundTripMicros ? ` in ${millis(result.roundTripMicros / 1000)} ms` : '';
  return `${result.result}${result.code ? ` ${result.code}` : ''}${tripMs}${result.detail ? `, ${result.detail}` : ''}`;
}
