// The destinations that the page knows, and their changes.
import { get, query } from './api.js';
import { partitionsAre, setLabel, setName, stateOf } from './words.js';

const PAGE = 1000;
const STATUS = ['state', 'takesTraffic', 'hold', 'busy', 'failures', 'successes', 'version', 'sinceMs', 'who', 'why',
  'owner'];

/** Compares versions, term first, then change. */
export function isNewer(one, other) {
  const a = String(one ?? '').split('.').map(Number);
  const b = String(other ?? '').split('.').map(Number);
  return (a[0] || 0) !== (b[0] || 0) ? (a[0] || 0) > (b[0] || 0) : (a[1] || 0) > (b[1] || 0);
}

export class Store {
  /**
   * @param callbacks { changed(): the page must be drawn again, turned(row, before): a state changed }
   */
  constructor(callbacks) {
    this.callbacks = callbacks;
    this.rows = new Map();
    this.revision = 0;
    /** Whether the destinations were listed once; before that nothing can be counted. */
    this.isLoaded = false;
    this.listing = null;
    this.again = false;
  }

  /** Lists all destinations again; calls during a listing cause only one more. */
  async list() {
    if (this.listing) {
      this.again = true;
      return this.listing;
    }
    this.listing = this.listed();
    try {
      await this.listing;
    } finally {
      this.listing = null;
    }
    if (this.again) {
      this.again = false;
      return this.list();
    }
    return undefined;
  }

  async listed() {
    const all = [];
    let page;
    do {
      page = await get(query('destinations', { offset: all.length, limit: PAGE }));
      all.push(...page.destinations);
    } while (page.destinations.length > 0 && all.length < (page.total ?? 0));
    this.revision = page.revision;
    const gone = new Set(this.rows.keys());
    for (const row of all) {
      gone.delete(row.id);
      this.put(row, true);
    }
    gone.forEach((id) => this.rows.delete(id));
    this.isLoaded = true;
    partitionsAre(this.partitions());
    this.callbacks.changed();
  }

  /** Applies a `view` event. */
  view(rows) {
    rows.forEach((row) => this.put(row, false));
    this.callbacks.changed();
  }

  put(row, listed) {
    const before = this.rows.get(row.id);
    let after = row;
    if (before && isNewer(before.version, row.version)) {
      after = listed ? { ...row } : { ...before };
      STATUS.forEach((name) => {
        after[name] = before[name];
      });
    }
    after.hay = [after.uri, after.socket, after.attrs, after.description, after.owner, after.who, after.why, after.id]
      .join('\n').toLowerCase();
    this.rows.set(row.id, after);
    if (before && (before.state !== after.state || before.hold !== after.hold)) {
      after.turnedAt = performance.now();
      this.callbacks.turned(after, before);
    } else if (before) {
      after.turnedAt = before.turnedAt;
    }
  }

  /** The sets, with the number of destinations in each state. */
  sets() {
    const sets = new Map();
    for (const row of this.rows.values()) {
      const name = setName(row);
      let set = sets.get(name);
      if (!set) {
        set = { name, label: setLabel(row), partition: row.partition, set: row.set, total: 0, taking: 0, counts: none() };
        sets.set(name, set);
      }
      set.total++;
      set.taking += row.takesTraffic ? 1 : 0;
      set.counts[stateOf(row)]++;
    }
    return [...sets.values()]
      .sort((a, b) => a.partition.localeCompare(b.partition) || Number(a.set) - Number(b.set));
  }

  partitions() {
    return [...new Set([...this.rows.values()].map((row) => row.partition))].sort();
  }
}

function none() {
  return { Active: 0, Probing: 0, Inactive: 0, Unknown: 0 };
}
