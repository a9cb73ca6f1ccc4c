// Rates and latencies, computed from the node's counters.

const MINUTE_MS = 60_000;
const RATE_MS = 10_000;
const MOST_POINTS = 300;
const BINS = 30;
const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx', '6xx'];

function bounds(buckets) {
  return Object.keys(buckets)
    .map((key) => [key, key === 'inf' || key === '+Inf' ? Infinity : Number(key)])
    .sort((a, b) => a[1] - b[1]);
}

/** A quantile of the latencies, interpolated linearly within its bucket. */
export function quantile(counts, limits, share) {
  const total = counts.reduce((sum, one) => sum + one, 0);
  if (total <= 0) {
    return null;
  }
  let below = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0 && below + counts[i] >= share * total) {
      const low = i === 0 ? 0 : limits[i - 1];
      return limits[i] === Infinity ? low : low + (limits[i] - low) * (share * total - below) / counts[i];
    }
    below += counts[i];
  }
  return null;
}

/** The counters of a destination. Only changes are kept, so that thousands of idle destinations cost nothing. */
class Meter {
  constructor() {
    this.samples = [];
  }

  add(sample) {
    const last = this.samples.at(-1);
    if (last && sample.requests < last.requests) {
      this.samples = [];
    } else if (last && last.requests === sample.requests && last.answered === sample.answered) {
      return;
    }
    this.samples.push(sample);
    while (this.samples.length > 2 && this.samples[1].at < sample.at - MINUTE_MS) {
      this.samples.shift();
    }
  }

  /** The counters at that time. */
  at(time) {
    let found = this.samples[0];
    for (const sample of this.samples) {
      if (sample.at > time) {
        break;
      }
      found = sample;
    }
    return found;
  }
}

const NOTHING = { rate: null, p50: null, p95: null, open: 0 };

export class Meters {
  constructor() {
    this.meters = new Map();
    this.latest = new Map();
    this.quality = new Map();
    this.shares = new Map();
    this.points = [];
    this.firstAt = 0;
    this.lastAt = 0;
    this.limits = [];
  }

  /** Adds a response of GET /dispatcher/traffic. */
  add(traffic) {
    const before = this.lastAt;
    this.lastAt = traffic.atMs;
    this.firstAt ||= traffic.atMs;
    this.latest = new Map();
    this.quality = byId(traffic.quality);
    this.shares = byId(traffic.shares);
    for (const one of traffic.destinations) {
      this.latest.set(one.id, one);
      const sample = this.sample(traffic.atMs, one);
      let meter = this.meters.get(one.id);
      if (!meter) {
        meter = new Meter();
        this.meters.set(one.id, meter);
        if (before) {
          meter.add({ at: before, requests: 0, answered: 0, counts: sample.counts.map(() => 0) });
        }
      }
      meter.add(sample);
    }
    this.addPoint(traffic);
  }

  sample(at, one) {
    const buckets = one.latencyMs?.buckets ?? {};
    const sorted = bounds(buckets);
    this.limits = sorted.map(([, limit]) => limit);
    const counts = sorted.map(([key]) => buckets[key]);
    return { at, requests: one.requests, answered: one.latencyMs?.count ?? 0, counts };
  }

  /** Statistics of a destination for the last minute, and the quality of its calls for the node's window. */
  of(id) {
    return { ...this.minute(id), quality: this.quality.get(id) ?? {}, share: this.shares.get(id) ?? {} };
  }

  minute(id) {
    const meter = this.meters.get(id);
    if (!meter || meter.samples.length === 0) {
      return this.firstAt ? { ...NOTHING, rate: 0 } : NOTHING;
    }
    const end = meter.samples.at(-1);
    const spanMs = Math.min(RATE_MS, this.lastAt - this.firstAt);
    const then = meter.at(this.lastAt - RATE_MS);
    const minute = meter.at(this.lastAt - MINUTE_MS);
    const counts = end.counts.map((value, i) => value - (minute.counts[i] ?? 0));
    return {
      rate: spanMs > 0 ? (end.requests - then.requests) * 1000 / spanMs : null,
      p50: quantile(counts, this.limits, 0.5),
      p95: quantile(counts, this.limits, 0.95),
      open: this.latest.get(id)?.openCalls ?? 0,
    };
  }

  /** The requests of the last minute, in equal intervals; null if there were never any. */
  bins(id) {
    const meter = this.meters.get(id);
    if (!meter || meter.samples.length === 0) {
      return null;
    }
    const width = MINUTE_MS / BINS;
    const bins = [];
    let before = meter.at(this.lastAt - MINUTE_MS).requests;
    for (let i = 1; i <= BINS; i++) {
      const value = meter.at(this.lastAt - MINUTE_MS + i * width).requests;
      bins.push(Math.max(0, value - before));
      before = value;
    }
    return bins;
  }

  addPoint(traffic) {
    const sum = this.sum(traffic);
    const before = this.sumBefore;
    this.sumBefore = sum;
    if (!before || sum.at <= before.at) {
      return;
    }
    const seconds = (sum.at - before.at) / 1000;
    const per = (name) => Math.max(0, sum[name] - before[name]) / seconds;
    const counts = sum.counts.map((value, i) => Math.max(0, value - (before.counts[i] ?? 0)));
    const point = { at: sum.at, open: sum.open, pending: sum.pending };
    ['requests', 'forwarded', 'failovers', 'silent', 'unreachable', ...CLASSES].forEach((name) => {
      point[name] = per(name);
    });
    point.p50 = quantile(counts, this.limits, 0.5);
    point.p95 = quantile(counts, this.limits, 0.95);
    this.points.push(point);
    if (this.points.length > MOST_POINTS) {
      this.points.shift();
    }
  }

  sum(traffic) {
    const node = named(traffic.node ?? {});
    const sum = {
      at: traffic.atMs, requests: node.requests ?? 0, forwarded: node.forwarded ?? 0, failovers: node.failovers ?? 0,
      pending: node.pending ?? 0, silent: 0, unreachable: 0, open: 0, counts: this.limits.map(() => 0),
    };
    CLASSES.forEach((name) => {
      sum[name] = 0;
    });
    for (const one of traffic.destinations) {
      sum.silent += one.silent ?? 0;
      sum.unreachable += one.unreachable ?? 0;
      sum.open += one.openCalls ?? 0;
      CLASSES.forEach((name) => {
        sum[name] += one.replies?.[name] ?? 0;
      });
      bounds(one.latencyMs?.buckets ?? {}).forEach(([key], i) => {
        sum.counts[i] += one.latencyMs.buckets[key];
      });
    }
    return sum;
  }
}

/** A list of objects as a map by their ids. */
function byId(list) {
  return new Map((list ?? []).map((one) => [one.id, one]));
}

/** Counters by their name in lower case. */
function named(counters) {
  return Object.fromEntries(Object.entries(counters).map(([name, value]) => [name.toLowerCase(), value]));
}
