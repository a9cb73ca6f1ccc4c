// The history: changes of destinations and orders of operators, newest first.
import * as api from './api.js';
import { byId, h } from './dom.js';
import { badge, stamp, tag } from './words.js';

const PAGE = 100;
const SOON_MS = 300;

/** The element of an entry. */
export function entry(one, withDestination = true) {
  const status = one.kind === 'STATUS' && one.state;
  return h('li', { class: 'entry', 'data-id': one.id, 'data-at': one.atMs },
    h('time', { datetime: new Date(one.atMs).toISOString() }, stamp(one.atMs)),
    status ? badge(one.state) : tag(one.what || one.kind, 'order'),
    h('div', { class: 'entry-text' },
      withDestination && one.destination ? h('a', { href: `#/destinations?open=${encodeURIComponent(one.destination)}` }, one.destination) : null,
      h('span', {}, one.why || ''), one.busy ? tag('busy', 'busy') : null,
      one.superseded ? h('span', { class: 'quiet' }, `superseded ${one.supersededState}, version ${one.version}`) : null,
      h('span', { class: 'quiet' }, [one.who, one.node && `on ${one.node}`].filter(Boolean).join(' '))));
}

export class HistoryView {
  constructor() {
    this.form = byId('history-filter');
    this.list = byId('history-list');
    this.more = byId('history-more');
    this.note = byId('history-note');
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.load();
    });
    this.form.addEventListener('change', () => this.load());
    this.more.addEventListener('click', () => this.load(true));
  }

  show(params) {
    if (params.has('destination')) {
      this.form.elements.destination.value = params.get('destination');
    }
    return this.load();
  }

  values() {
    const values = Object.fromEntries(new FormData(this.form));
    ['from', 'to'].forEach((name) => {
      values[name] = values[name] ? new Date(values[name]).toISOString() : '';
    });
    Object.keys(values).forEach((name) => {
      values[name] = values[name].trim();
    });
    return values;
  }

  async load(further = false) {
    this.note.textContent = '';
    const before = further ? this.list.lastElementChild?.getAttribute('data-id') : '';
    try {
      const { entries } = await api.get(api.query('history', { ...this.values(), before, limit: PAGE }));
      const lines = entries.map((one) => entry(one));
      this.list.replaceChildren(...(further ? [...this.list.children, ...lines] : lines));
      this.more.hidden = entries.length < PAGE;
      this.note.textContent = this.list.children.length === 0 ? 'No entry matches.' : '';
    } catch (refused) {
      this.note.textContent = refused.message;
    }
  }

  /** Loads once for several entries that arrive together; not while older pages are shown, so that the user keeps the position. */
  loadSoon() {
    if (!this.soon && this.list.children.length <= PAGE) {
      this.soon = setTimeout(() => {
        this.soon = null;
        this.load();
      }, SOON_MS);
    }
  }

  isFiltered() {
    return Object.values(this.values()).some((value) => value !== '');
  }

  /** Puts an entry of the stream on top. Ignores it with a filter; loads the list if the entry is late and belongs further down. */
  add(one) {
    if (!this.isFiltered() && !this.list.querySelector(`[data-id="${Number(one.id)}"]`)) {
      if (one.superseded || one.atMs < Number(this.list.firstElementChild?.getAttribute('data-at') ?? 0)) {
        this.loadSoon();
        return;
      }
      this.list.prepend(entry(one));
      this.note.textContent = '';
      while (this.list.children.length > 5 * PAGE) {
        this.list.lastElementChild.remove();
      }
    }
  }
}
