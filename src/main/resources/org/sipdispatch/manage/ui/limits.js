// The limits of calls of destinations, and the calls in flight in the cluster, as far as this node knows them.
import { get } from './api.js';
import { count } from './words.js';

const RESOURCE = ' / ';

function used(limit) {
  return limit.calls + limit.elsewhere;
}

function text(limit) {
  return `${count(used(limit))} / ${limit.maxCalls > 0 ? count(limit.maxCalls) : '–'}`;
}

function details(limit) {
  return [
    `${limit.name}: ${count(limit.calls)} calls through this node`, `${count(limit.elsewhere)} answered through other nodes`,
    limit.maxCalls > 0 && `at most ${count(limit.maxCalls)}`, limit.maxCps > 0 && `at most ${count(limit.maxCps)} new ones per second`,
    `${count(limit.refused)} refused or sent elsewhere by this node`,
  ].filter(Boolean).join(', ');
}

export class Limits {
  /** @param changed called after each answer */
  constructor(changed) {
    this.changed = changed;
    this.limits = new Map();
    this.loading = false;
    this.isStale = false;
  }

  /** Asks the node, once more if called meanwhile. The next call tries again if it does not answer. */
  async load() {
    this.isStale = this.loading;
    if (this.loading) {
      return;
    }
    this.loading = true;
    try {
      const { limits } = await get('limits');
      this.limits = new Map();
      for (const limit of limits) {
        const [id] = limit.name.split(RESOURCE);
        this.limits.set(id, [...this.limits.get(id) ?? [], limit]);
      }
      this.changed();
    } catch {
      // The page shows that the node does not answer.
    } finally {
      this.loading = false;
    }
    if (this.isStale) {
      await this.load();
    }
  }

  get isEmpty() {
    return this.limits.size === 0;
  }

  /** What to show of a destination: its own limit, and one note for each capacity. */
  of(id) {
    const all = this.limits.get(id) ?? [];
    const own = all.find((limit) => limit.name === id);
    const notes = all.filter((limit) => limit !== own)
      .map((limit) => `${limit.name.slice(id.length + RESOURCE.length)} ${text(limit)}`);
    return {
      text: own ? text(own) : '', note: notes.join(' · '), title: all.map(details).join('\n') || null, full: this.share(id) >= 1,
    };
  }

  /** The largest used share of any limit of a destination. */
  share(id) {
    return Math.max(-1, ...(this.limits.get(id) ?? []).map((limit) => (limit.maxCalls > 0 ? used(limit) / limit.maxCalls : 0)));
  }
}
