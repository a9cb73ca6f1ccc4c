// The node that serves this page, and the nodes that it sees.
import * as api from './api.js';
import { byId, h, setClass, setText } from './dom.js';
import * as orders from './orders.js';
import { count, since, tag } from './words.js';

const EVERY_MS = 5000;

export class ClusterView {
  /** `role` returns the user's role. */
  constructor(store, role) {
    this.store = store;
    this.role = role;
    this.ready = { ready: undefined, reasons: [] };
  }

  run() {
    byId('maintain').addEventListener('click', () => this.maintain());
    this.load();
    setInterval(() => document.hidden || this.load(), EVERY_MS);
  }

  async load() {
    try {
      [this.node, this.ready, this.maintenance] = await Promise.all([api.get('node'), api.readiness(), api.get('maintenance')]);
      this.render();
    } catch {
      // The stream shows whether the node can be reached.
    }
  }

  render() {
    const members = this.node.members ?? [];
    const away = members.filter((one) => !one.reachable);
    const up = members.filter((one) => one.reachable && one.status === 'Up');
    setText(byId('node'), this.node.address);
    const nodes = byId('nodes');
    setText(nodes, away.length > 0 ? `▲ ${up.length} of ${members.length} nodes up, ${away.length} unreachable`
      : `● ${up.length} ${up.length === 1 ? 'node' : 'nodes'} up`);
    setClass(nodes, `chip ${away.length > 0 || up.length === 0 ? 'warn' : 'good'}`);
    const ready = byId('ready');
    const reasons = (this.ready.reasons ?? []).join('; ');
    setText(ready, this.ready.ready ? '● ready' : `■ not ready${reasons ? `: ${reasons}` : ''}`);
    setClass(ready, `chip ${this.ready.ready ? 'good' : 'bad'}`);
    this.table(members);
    this.showMaintenance(members.filter((one) => one.maintenance).length, members.length);
  }

  /** What is under way at this node, and how many nodes are in maintenance. */
  showMaintenance(others, all) {
    const { maintenance: on, openCalls, ringing, pending, who, why, keep, sinceMs, warning, done } = this.maintenance;
    const text = [
      on && `This node is in maintenance since ${since(sinceMs)}, by ${who}${why ? ` (${why})` : ''}${keep ? ', also after a restart' : ''}: `
        + (done ? 'nothing that it counts is under way.' : `${count(openCalls)} open calls, ${count(ringing)} ringing, ${count(pending)} pending transactions left.`),
      !on && others > 0 && `${others} of ${all} nodes in maintenance.`,
      warning && `${warning[0].toUpperCase()}${warning.slice(1)}.`,
    ].filter(Boolean).join(' ');
    setText(byId('maintenance'), text);
    byId('maintenance').hidden = text === '';
    const button = byId('maintain');
    setText(button, on ? 'End maintenance…' : 'Maintenance…');
    button.disabled = this.role() !== 'write';
    button.title = button.disabled ? 'Your role is read' : '';
  }

  async maintain() {
    await (this.maintenance.maintenance ? orders.endMaintenance(this.node.address) : orders.beginMaintenance(this.node.address, this.maintenance));
    this.load();
  }

  table(members) {
    const suspects = new Set(this.node.suspects ?? []);
    const overload = this.node.overload ?? { mode: 'normal' };
    const owned = new Map();
    for (const row of this.store.rows.values()) {
      owned.set(row.owner, (owned.get(row.owner) ?? 0) + 1);
    }
    const all = Math.max(1, this.store.rows.size);
    const own = members.find((one) => one.self)?.checksum;
    byId('members').replaceChildren(...members.map((one) => {
      const number = one.owned ?? owned.get(one.address) ?? 0;
      return h('tr', {},
        h('th', { scope: 'row' }, one.address, one.self ? tag('this node') : null, one.oldest ? tag('oldest') : null,
          one.maintenance ? tag('maintenance', 'hold') : null),
        h('td', {}, one.status),
        h('td', {}, one.reachable ? '● reachable' : '■ unreachable', suspects.has(one.address) ? tag('suspected', 'hold') : null),
        h('td', { class: 'number' }, count(number)),
        h('td', {}, h('meter', { min: 0, max: all, value: number, 'aria-label': `destinations of ${one.address}` })),
        h('td', {}, one.checksum ? `${one.revision}, ${one.checksum}` : '–',
          own && one.checksum && one.checksum !== own ? tag('differs', 'hold') : null));
    }));
    setText(byId('node-facts'), [
      this.node.listening ? 'listens for SIP' : 'does not listen for SIP', this.node.member ? 'member of the cluster' : 'not a member of the cluster',
      suspects.size ? `suspects: ${[...suspects].join(', ')}` : '',
      overload.mode === 'normal' ? '' : `overloaded: ${overload.mode} ${overload.shedPercent} % of new requests`,
    ].filter(Boolean).join(' · '));
  }
}
