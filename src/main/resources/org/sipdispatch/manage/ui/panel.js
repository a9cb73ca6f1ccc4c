// Details of a destination: its actor's status and the status that this node's traffic uses.
import * as api from './api.js';
import * as orders from './orders.js';
import { byId, facts, h, setText } from './dom.js';
import { entry } from './history.js';
import {
  ago, ahead, badge, count, figure, millis, ping, setLabel, shareText, since, stamp, stateOf, tag,
} from './words.js';

const EVERY_MS = 2000;
const HISTORY = 20;

export class Panel {
  /**
   * @param callbacks { row(id), stats(id), mayWrite(), closed(), say(text) }
   */
  constructor(callbacks) {
    this.callbacks = callbacks;
    this.element = byId('panel');
    this.id = null;
    this.asked = null;
    this.buttons = {
      hold: this.button('Hold…', orders.hold, 'danger'),
      release: this.button('Release…', orders.release),
      drain: this.button('Drain…', orders.drain),
      probe: this.button('Probe now', orders.probe),
      active: this.button('Set Active…', orders.setActive),
      remove: this.button('Remove…', orders.remove, 'danger'),
    };
    this.heading = h('h2', { id: 'panel-title', tabindex: -1 });
    this.top = h('div', { class: 'panel-state' });
    this.trouble = h('p', { class: 'trouble', role: 'alert', hidden: true });
    this.warning = h('div', {});
    this.body = h('div', {});
    this.history = h('div', {});
    this.element.append(
      h('header', {}, this.heading, h('button', {
        type: 'button', class: 'quiet close', 'aria-label': 'Close details', onclick: () => this.close(),
      }, '✕')),
      this.top, h('div', { class: 'actions' }, Object.values(this.buttons)), this.trouble, this.warning, this.body,
      this.history);
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.close();
      }
    });
  }

  button(text, order, kind = '') {
    return h('button', { type: 'button', class: kind, onclick: () => this.order(text, order) }, text);
  }

  async order(text, order) {
    const row = this.callbacks.row(this.id);
    this.trouble.hidden = true;
    try {
      if (row && await order(row) !== undefined) {
        this.callbacks.say(`${text.replace('…', '')}: done for ${row.uri}`);
        this.draining ||= order === orders.drain;
        await this.load();
      }
    } catch (refused) {
      this.failed(refused);
    }
  }

  failed(refused) {
    this.trouble.textContent = refused.message;
    this.trouble.hidden = false;
  }

  open(id) {
    this.id = id;
    this.draining = false;
    this.isUnread = false;
    this.drainedFrom = 0;
    this.trouble.hidden = true;
    this.element.hidden = false;
    document.body.classList.add('with-panel');
    this.warning.replaceChildren();
    this.body.replaceChildren();
    this.history.replaceChildren();
    this.refresh();
    this.heading.focus();
    clearInterval(this.timer);
    this.timer = setInterval(() => document.hidden || this.load(), EVERY_MS);
    return this.load();
  }

  close() {
    if (this.id === null) {
      return;
    }
    clearInterval(this.timer);
    const id = this.id;
    this.id = null;
    this.element.hidden = true;
    document.body.classList.remove('with-panel');
    this.callbacks.closed(id);
  }

  /** Shows the row's data, which the stream keeps up to date. */
  refresh() {
    const row = this.id === null ? null : this.callbacks.row(this.id);
    if (!row) {
      if (this.id !== null) {
        setText(this.heading, `${this.id} no longer exists`);
        Object.values(this.buttons).forEach((button) => {
          button.disabled = true;
        });
      }
      return;
    }
    setText(this.heading, row.uri);
    const state = `${row.version}/${row.state}/${row.hold}/${row.busy}/${row.temporary}/${since(row.sinceMs)}`;
    if (this.shown !== `${this.id} ${state}`) {
      this.shown = `${this.id} ${state}`;
      this.top.replaceChildren(...[badge(stateOf(row)), row.hold && tag('hold', 'hold'), row.busy && tag('busy', 'busy'),
        row.temporary && tag('temporary', 'temporary'),
        h('span', { class: 'quiet' }, `since ${since(row.sinceMs)}, ${row.takesTraffic ? 'takes traffic' : 'takes no new requests'}`),
      ].filter(Boolean));
    }
    this.allow(row);
  }

  allow(row) {
    const may = this.callbacks.mayWrite();
    const allowed = {
      hold: !row.hold, release: row.hold, drain: true, probe: true,
      active: row.hold || row.state !== 'Active', remove: row.temporary,
    };
    for (const [name, button] of Object.entries(this.buttons)) {
      button.disabled = !may || !allowed[name];
      button.title = may ? '' : 'Your role is read';
    }
    this.buttons.remove.hidden = !row.temporary;
  }

  /** Loads details and history separately: the history's database may be down or slow. */
  load() {
    this.refresh();
    return Promise.all([this.loadReport(this.id), this.loadHistory(this.id)]);
  }

  async loadReport(id) {
    try {
      const report = await api.get(api.destination(id));
      if (id === this.id) {
        this.trouble.hidden ||= this.isUnread;
        this.isUnread = false;
        this.show(report);
      }
    } catch (refused) {
      if (id === this.id) {
        this.isUnread = true;
        this.failed(refused);
      }
    }
  }

  /** At most one request at a time. */
  async loadHistory(id) {
    if (this.asked === id) {
      return;
    }
    this.asked = id;
    const lines = await api.get(api.query('history', { destination: id, limit: HISTORY }))
      .then(({ entries }) => (entries ?? []).map((one) => entry(one, false)))
      .catch((refused) => h('p', { class: 'warning', role: 'status' }, `The history is not available: ${refused.message}`));
    if (id === this.asked) {
      this.asked = null;
    }
    if (id === this.id) {
      this.remember(lines);
    }
  }

  show(report) {
    const here = report.here ?? {};
    this.warning.replaceChildren(...(report.differs ? [h('p', { class: 'warning', role: 'status' },
      h('strong', {}, 'This node uses another status. '),
      `The actor reports ${report.state ?? 'nothing'} (version ${report.version ?? '–'}); this node's traffic uses `,
      `${here.state ?? 'nothing'} (version ${here.version ?? '–'}).`)] : []));
    const focused = document.activeElement?.getAttribute('data-target');
    this.body.replaceChildren(...[
      this.calls(report), views(report, here), this.targets(report), definition(report), probing(report), traffic(report, this.callbacks.stats(report.id)),
      quality(report.quality ?? {}),
    ].filter(Boolean));
    if (focused) {
      this.body.querySelector(`[data-target="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }

  /** The addresses of the name: the state of each one, and its traffic at this node. */
  targets(report) {
    if (!report.targets) {
      return null;
    }
    const sent = Object.fromEntries((report.traffic?.targets ?? []).map((one) => [one.target, one]));
    return section('Targets',
      report.dnsFailure ? h('p', { class: 'warning', role: 'status' }, `DNS: ${report.dnsFailure}`) : null,
      h('table', { class: 'plain targets' },
        h('thead', {}, h('tr', {}, ['Address', 'State', 'Prio / weight', 'Failures', 'Requests', 'Mean ms', 'Order']
          .map((name) => h('th', { scope: 'col' }, name)))),
        h('tbody', {}, report.targets.map((one) => this.target(one, sent[one.target])))));
  }

  target(one, sent) {
    const [text, order] = one.hold ? ['Release…', orders.release] : ['Hold…', orders.hold];
    const mean = sent?.latencyMs?.count ? millis(sent.latencyMs.sumMs / sent.latencyMs.count) : '–';
    return h('tr', {},
      h('th', { scope: 'row', title: one.host }, one.target),
      h('td', { title: `since ${stamp(one.sinceMs)}, by ${one.who}: ${one.why}` },
        badge(stateOf(one)), one.hold && tag('hold', 'hold'), one.busy && tag('busy', 'busy')),
      h('td', {}, `${one.priority} / ${one.weight}`), h('td', {}, count(one.failures)),
      h('td', {}, count(sent?.requests)), h('td', {}, mean),
      h('td', {}, h('button', {
        type: 'button', class: 'quiet', disabled: !this.callbacks.mayWrite(), 'data-target': one.target,
        'aria-label': `${text.replace('…', '')} ${one.target}`,
        onclick: () => this.order(text, (row) => order(row, one.target)),
      }, text)));
  }

  /** @param past lines, or a message instead of them */
  remember(past) {
    const more = h('a', { href: `#/history?destination=${encodeURIComponent(this.id)}` }, 'Full history');
    const list = !Array.isArray(past) ? past
      : past.length === 0 ? h('p', { class: 'quiet' }, 'No entries.') : h('ol', { class: 'entries' }, past);
    this.history.replaceChildren(section('History', list, more));
  }

  /** The active calls, and the progress of a drain. */
  calls(report) {
    const open = { total: 0, ringing: 0, nodes: {}, silent: [], ...report.openCalls };
    const left = open.total + open.ringing;
    const known = open.silent.length === 0;
    const nodes = Object.entries(open.nodes ?? {}).map(([node, number]) => [node, count(number)]);
    let progress = null;
    const drains = this.draining || (report.hold && String(report.why ?? '').startsWith('drain'));
    if (drains) {
      this.drainedFrom = Math.max(this.drainedFrom, left);
      progress = h('p', { class: 'drain', role: 'status' },
        h('progress', { max: Math.max(1, this.drainedFrom), value: this.drainedFrom - left || (left || !known ? 0 : 1), 'aria-label': 'Drained' }),
        left === 0 && known ? ' Drained: no open calls.' : ` Draining: ${count(open.total)} open, ${count(open.ringing)} ringing.`,
        known ? '' : ` Not known: no answer from ${open.silent.join(', ')}.`);
    }
    return section('Open calls', progress, facts([['All nodes', count(open.total)], ['Ringing', count(open.ringing)], ...nodes]));
  }
}

function section(title, ...content) {
  return h('section', {}, h('h3', {}, title), content);
}

function views(report, here) {
  const line = (name, actors, mine) => h('tr', { class: String(actors) === String(mine ?? actors) ? '' : 'unlike' },
    h('th', { scope: 'row' }, name), h('td', {}, actors ?? '–'), h('td', {}, mine ?? ''));
  return section('State', h('table', { class: 'plain' },
    h('thead', {}, h('tr', {}, h('td', {}), h('th', { scope: 'col' }, 'Actor'), h('th', { scope: 'col' }, 'This node'))),
    h('tbody', {},
      line('State', report.state, here.state),
      line('Takes traffic', yes(report.takesTraffic), here.takesTraffic === undefined ? null : yes(here.takesTraffic)),
      line('Version', report.version, here.version))),
  facts([
    ['Since', `${stamp(report.sinceMs)} (${since(report.sinceMs)})`],
    ['Who', report.who || '–'], ['Why', report.why || '–'],
    ['Consecutive failures', count(report.failures)], ['Consecutive successes', count(report.successes)],
    ['On hold', yes(report.hold)], ['Busy', yes(report.busy)],
    shareText(report.share) ? ['Requests', shareText(report.share)] : null,
    ['Owner', report.owner || report.node || '–'],
    report.disputed ? ['Disputed', 'yes: other nodes reach it'] : null,
    report.unsaved ? ['Journal', 'not yet written'] : null,
  ]));
}

function definition(report) {
  return section('Definition', facts([
    ['Set', setLabel(report)], ['Weight', String(report.weight ?? 1)], ['Priority', String(report.priority ?? 0)],
    report.freeswitch ? ['Weight from', freeswitch(report.freeswitch)] : null,
    ['Socket', report.socket || 'any'], ['Attrs', report.attrs || '–'],
    report.ordinal > 1 ? ['Equal row', String(report.ordinal)] : null,
    report.scriptAttrs ? ['Pushed attrs', report.scriptAttrs] : null,
    ['Description', report.description || '–'],
  ]));
}

/** The event socket that reports the weight. */
function freeswitch({ source, state, sinceMs }) {
  return `${source}, ${state}${sinceMs ? ` since ${stamp(sinceMs)} (${since(sinceMs)})` : ''}`;
}

function probing(report) {
  const opinions = report.opinions ?? [];
  return section('Probing', facts([
    ['Last probe', `${ago(report.lastPingAtMs)}: ${ping(report.lastPing)}`, stamp(report.lastPingAtMs)],
    ['Next probe', ahead(report.nextPingAtMs), stamp(report.nextPingAtMs)],
  ]), opinions.length === 0 ? null : h('table', { class: 'plain' },
    h('caption', {}, 'Results of other nodes'),
    h('tbody', {}, opinions.map((one) => h('tr', {},
      h('th', { scope: 'row' }, one.node), h('td', {}, ping(one)), h('td', {}, ago(one.atMs)))))));
}

function traffic(report, stats) {
  const one = report.traffic;
  if (!one || one.requests === undefined) {
    return section('Traffic of this node', h('p', { class: 'quiet' }, 'None so far.'));
  }
  const replies = Object.entries(one.replies ?? {}).filter(([, number]) => number > 0)
    .map(([kind, number]) => `${kind} ${count(number)}`).join(', ');
  return section('Traffic of this node', facts([
    ['Requests', count(one.requests)], ['First choice', count(one.firstHits)], ['Replies', replies || 'none'],
    ['Silent', count(one.silent)], ['Unreachable', count(one.unreachable)], ['Failovers', count(one.failovers)],
    ['Latency, last minute', stats.p50 === null ? '–' : `p50 ${millis(stats.p50)} ms, p95 ${millis(stats.p95)} ms`],
    one.latencyMs?.count ? ['Latency, mean', `${millis(one.latencyMs.sumMs / one.latencyMs.count)} ms`] : null,
  ]));
}

/** The calls of all nodes in the window of the figures. */
function quality(one) {
  const unit = (value, name) => (value === undefined ? '–' : `${figure(value)} ${name}`);
  return section('Quality of calls, all nodes', facts([
    ['Answered (ASR)', unit(one.asr, '%')], ['Effective (NER)', unit(one.ner, '%')],
    ['Post-dial delay (PDD)', unit(one.pddMs, 'ms')], ['Duration (ACD)', unit(one.acdSeconds, 's')],
    ['Calls', `${count(one.seizures)}, ${count(one.answers)} answered, ${count(one.ended)} ended`],
  ]));
}

function yes(value) {
  return value ? 'yes' : 'no';
}
