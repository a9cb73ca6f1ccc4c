// The table of destinations. Only the rows of one page exist, and only changed cells are updated.
import { h, setAttribute, setClass, setText } from './dom.js';
import { Sparkline } from './chart.js';
import {
  ORDER, badge, count, figure, millis, rate, setBadge, setLabel, setName, shareText, since, stamp, stateOf, tag,
} from './words.js';

const FLASH_MS = 2500;

const text = (name) => (a, b) => String(a[name] ?? '').localeCompare(String(b[name] ?? ''));
const number = (name) => (a, b) => (a[name] ?? 0) - (b[name] ?? 0);

/** The columns; those with `by` can be sorted. */
export const COLUMNS = [
  { key: 'state', title: 'State', by: (a, b) => ORDER[stateOf(a)] - ORDER[stateOf(b)] || (b.hold ? 1 : 0) - (a.hold ? 1 : 0) },
  { key: 'uri', title: 'Destination', by: text('uri') },
  { key: 'set', title: 'Set', by: (a, b) => text('partition')(a, b) || a.set - b.set },
  { key: 'since', title: 'Since', by: (a, b) => (b.sinceMs || 0) - (a.sinceMs || 0) },
  { key: 'who', title: 'Who, why', by: text('who') },
  { key: 'failures', title: 'Failures', short: 'Fail', by: number('failures'), number: true },
  { key: 'weight', title: 'Weight / priority', short: 'Weight/prio', by: number('weight'), number: true },
  { key: 'owner', title: 'Owner', by: text('owner') },
  { key: 'rate', title: 'Requests per second', short: 'Req/s', by: null, number: true },
  { key: 'open', title: 'Open calls', short: 'Open', by: null, number: true },
  { key: 'limit', title: 'Calls in flight in the cluster / limit', short: 'Calls/limit', by: null, number: true },
  { key: 'latency', title: 'Latency p50 / p95 of the last minute, ms', short: 'p50/p95 ms', by: null, number: true },
  { key: 'asr', title: 'Answered / effective calls of all nodes (ASR / NER), %', short: 'ASR/NER %', by: null, number: true },
  { key: 'acd', title: 'Post-dial delay, s / call duration, s (PDD / ACD), of all nodes', short: 'PDD/ACD s', by: null, number: true },
  { key: 'spark', title: 'Requests of the last minute', short: 'Last min' },
];

class Row {
  constructor(table) {
    this.cells = COLUMNS.map((column) => h('td', {
      role: 'gridcell', class: `c-${column.key}${column.number ? ' number' : ''}`, 'data-title': column.short ?? column.title,
    }));
    this.element = h('tr', {
      role: 'row', tabindex: -1, onclick: () => table.open(this.id), onfocus: () => table.current(this.id),
    }, this.cells);
    this.cell = Object.fromEntries(COLUMNS.map((column, i) => [column.key, this.cells[i]]));
    this.badge = badge('Unknown');
    this.marks = h('span', { class: 'marks' });
    this.cell.state.append(this.badge, this.marks);
    this.uri = h('span', { class: 'uri' });
    this.note = h('span', { class: 'note' });
    this.cell.uri.append(this.uri, this.note);
    this.who = h('span', { class: 'who' });
    this.why = h('span', { class: 'note' });
    this.cell.who.append(this.who, this.why);
    this.used = h('span', {});
    this.capacities = h('span', { class: 'note' });
    this.cell.limit.append(this.used, this.capacities);
    this.spark = new Sparkline();
    this.cell.spark.append(this.spark.element);
    this.marked = '';
  }

  show(row, stats, bins, limit, opened) {
    this.id = row.id;
    setAttribute(this.element, 'data-id', row.id);
    const turned = row.turnedAt && performance.now() - row.turnedAt < FLASH_MS;
    setClass(this.element, `${turned ? 'turned ' : ''}${opened ? 'opened' : ''}`.trim());
    setAttribute(this.element, 'aria-selected', opened ? 'true' : 'false');
    setBadge(this.badge, row.state);
    this.mark(row, shareText(stats.share));
    setText(this.uri, row.uri);
    const equal = row.ordinal > 1 && `equal row ${row.ordinal}`;
    const taking = row.targets && `${row.targets.filter((one) => one.takesTraffic).length} of ${row.targets.length} targets`;
    setText(this.note, [taking, equal, row.description, row.attrs, row.socket && `via ${row.socket}`].filter(Boolean).join(' · '));
    setAttribute(this.note, 'title', this.note.textContent);
    setText(this.cell.set, setLabel(row));
    setText(this.cell.since, since(row.sinceMs));
    setAttribute(this.cell.since, 'title', stamp(row.sinceMs));
    setText(this.who, row.who || '–');
    setText(this.why, row.why || '');
    setAttribute(this.why, 'title', row.why || null);
    setText(this.cell.failures, String(row.failures ?? 0));
    setText(this.cell.weight, `${row.weight ?? 1} / ${row.priority ?? 0}`);
    setText(this.cell.owner, row.owner || '–');
    setText(this.cell.rate, rate(stats.rate));
    setText(this.cell.open, count(stats.open));
    setText(this.used, limit.text);
    setText(this.capacities, limit.note);
    setAttribute(this.cell.limit, 'title', limit.title);
    setClass(this.cell.limit, `c-limit number${limit.full ? ' full' : ''}`);
    setText(this.cell.latency, stats.p50 === null ? '–' : `${millis(stats.p50)} / ${millis(stats.p95)}`);
    const { asr, ner, pddMs, acdSeconds } = stats.quality;
    setText(this.cell.asr, asr === undefined ? '–' : `${figure(asr)} / ${figure(ner)}`);
    setText(this.cell.acd, pddMs === undefined && acdSeconds === undefined ? '–'
      : `${pddMs === undefined ? '–' : (pddMs / 1000).toFixed(1)} / ${figure(acdSeconds)}`);
    this.spark.draw(bins);
  }

  mark(row, share) {
    const marks = [row.hold && 'hold', row.busy && 'busy', row.temporary && 'temporary',
      row.dnsFailure && 'dns', share].filter(Boolean);
    const wanted = marks.join();
    if (wanted !== this.marked) {
      this.marked = wanted;
      this.marks.replaceChildren(...marks.map((mark) => tag(mark, mark === share ? 'busy' : mark)));
    }
  }
}

export class Table {
  /**
   * @param callbacks { open(id), page(rows, total, all) }
   */
  constructor(store, meters, limits, parts, callbacks) {
    Object.assign(this, { store, meters, limits, parts, callbacks });
    this.filter = { text: '', state: '', set: '' };
    this.sorting = { key: 'state', down: false };
    this.page = 0;
    this.size = 100;
    this.rows = new Map();
    this.order = [];
    this.openedId = null;
    this.currentId = null;
    this.heads = COLUMNS.map((column) => this.head(column));
    parts.head.append(h('tr', { role: 'row' }, this.heads));
    parts.body.addEventListener('keydown', (event) => this.key(event));
  }

  head(column) {
    const name = column.short ?? column.title;
    const sortable = column.by !== undefined;
    return h('th', {
      role: 'columnheader', scope: 'col', class: `c-${column.key}${column.number ? ' number' : ''}`, title: column.title,
    }, sortable ? h('button', { type: 'button', onclick: () => this.sortBy(column.key) }, name) : name);
  }

  sortBy(key) {
    this.sorting = { key, down: this.sorting.key === key && !this.sorting.down };
    this.page = 0;
    this.render();
  }

  filterBy(change) {
    Object.assign(this.filter, change);
    this.page = 0;
    this.render();
  }

  turnTo(page) {
    this.page = page;
    this.render();
    this.parts.body.parentElement.scrollIntoView({ block: 'nearest' });
  }

  accepted() {
    const words = this.filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    const { state, set } = this.filter;
    return [...this.store.rows.values()].filter((row) =>
      (!state || fits(row, state)) && (!set || setName(row) === set) && words.every((word) => row.hay.includes(word)));
  }

  sorted(rows) {
    const { key, down } = this.sorting;
    const column = COLUMNS.find((one) => one.key === key);
    let by = column.by;
    if (!by) {
      const value = {
        rate: (id) => this.meters.of(id).rate ?? -1, open: (id) => this.meters.of(id).open,
        limit: (id) => this.limits.share(id), latency: (id) => this.meters.of(id).p95 ?? -1,
        asr: (id) => this.meters.of(id).quality.asr ?? -1, acd: (id) => this.meters.of(id).quality.acdSeconds ?? -1,
      }[key];
      const values = new Map(rows.map((row) => [row.id, value(row.id)]));
      by = (a, b) => values.get(b.id) - values.get(a.id);
    }
    const sign = down ? -1 : 1;
    return rows.sort((a, b) => sign * by(a, b) || (a.id < b.id ? -1 : 1));
  }

  render() {
    const all = this.sorted(this.accepted());
    const pages = Math.max(1, Math.ceil(all.length / this.size));
    this.page = Math.min(this.page, pages - 1);
    const shown = all.slice(this.page * this.size, (this.page + 1) * this.size);
    const focused = this.focusedId();
    this.place(shown);
    shown.forEach((row) => this.rows.get(row.id)
      .show(row, this.meters.of(row.id), this.meters.bins(row.id), this.limits.of(row.id), row.id === this.openedId));
    this.parts.body.parentElement.classList.toggle('no-limits', this.limits.isEmpty);
    this.order = shown.map((row) => row.id);
    this.keepOneStop(focused);
    this.heads.forEach((head, i) => setAttribute(head, 'aria-sort',
      COLUMNS[i].key === this.sorting.key ? (this.sorting.down ? 'descending' : 'ascending') : null));
    setAttribute(this.parts.body.parentElement, 'aria-rowcount', all.length + 1);
    this.callbacks.page({ page: this.page, pages, from: this.page * this.size, shown: shown.length, total: all.length });
  }

  /** Keeps the elements of rows that stay, and moves only those whose position changed. */
  place(shown) {
    const wanted = new Set(shown.map((row) => row.id));
    const free = [];
    for (const [id, row] of this.rows) {
      if (!wanted.has(id)) {
        this.rows.delete(id);
        row.element.remove();
        free.push(row);
      }
    }
    let place = this.parts.body.firstChild;
    for (const row of shown) {
      let line = this.rows.get(row.id);
      if (!line) {
        line = free.pop() ?? new Row(this);
        this.rows.set(row.id, line);
      }
      if (line.element === place) {
        place = place.nextSibling;
      } else {
        this.parts.body.insertBefore(line.element, place);
      }
    }
  }

  focusedId() {
    const active = document.activeElement;
    return this.parts.body.contains(active) ? active.getAttribute('data-id') : null;
  }

  /** Exactly one row is in the tab order; the arrow keys move from there. */
  keepOneStop(focused) {
    if (!this.rows.has(this.currentId)) {
      this.currentId = this.order[0] ?? null;
    }
    for (const [id, row] of this.rows) {
      setAttribute(row.element, 'tabindex', id === this.currentId ? 0 : -1);
    }
    if (focused !== null && this.focusedId() !== focused) {
      this.focus(this.rows.has(focused) ? focused : this.currentId);
    }
  }

  current(id) {
    if (id !== this.currentId) {
      const before = this.rows.get(this.currentId);
      this.currentId = id;
      if (before) {
        setAttribute(before.element, 'tabindex', -1);
      }
      setAttribute(this.rows.get(id).element, 'tabindex', 0);
    }
  }

  focus(id) {
    this.rows.get(id ?? this.currentId)?.element.focus();
  }

  open(id) {
    this.current(id);
    this.callbacks.open(id);
  }

  opened(id) {
    this.openedId = id;
    this.render();
  }

  key(event) {
    const place = this.order.indexOf(this.currentId);
    const places = {
      ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: this.order.length - 1,
    };
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.open(this.currentId);
    } else if (event.key === 'PageDown' || event.key === 'PageUp') {
      event.preventDefault();
      this.turnTo(Math.max(0, this.page + (event.key === 'PageDown' ? 1 : -1)));
      this.focus(this.order[0]);
    } else if (event.key in places) {
      event.preventDefault();
      this.focus(this.order[Math.min(this.order.length - 1, Math.max(0, places[event.key]))]);
    }
  }
}

/** Whether a row matches the state buttons above the table. */
export function fits(row, state) {
  if (state === 'hold') {
    return row.hold;
  }
  return state === 'busy' ? row.busy : stateOf(row) === state;
}
