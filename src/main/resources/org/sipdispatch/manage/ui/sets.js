// The list of sets, and the filters of the table.
import { byId, h, setAttribute, setClass, setText } from './dom.js';
import { fits } from './table.js';
import { count } from './words.js';

const CHOICES = [['', 'All', ''], ['Active', 'Active', '●'], ['Probing', 'Probing', '▲'], ['Inactive', 'Inactive', '■'],
  ['hold', 'On hold', '❚❚'], ['busy', 'Busy', '◐']];

export class SetsView {
  constructor(store, table) {
    this.store = store;
    this.table = table;
    this.lines = new Map();
    this.list = byId('sets');
    this.select = byId('set');
    this.select.addEventListener('change', () => this.choose(this.select.value));
    this.buttons = CHOICES.map(([state, name, shape]) => {
      const number = h('b', {});
      const button = h('button', {
        type: 'button', class: `choice ${state.toLowerCase()}`, 'aria-pressed': state === '' ? 'true' : 'false',
        onclick: () => this.chooseState(state),
      }, shape ? h('span', { class: 'shape', 'aria-hidden': 'true' }, shape) : null, `${name} `, number);
      return { state, button, number };
    });
    byId('states').append(...this.buttons.map((one) => one.button));
  }

  choose(name) {
    this.table.filterBy({ set: this.table.filter.set === name ? '' : name });
    this.render();
  }

  chooseState(state) {
    this.table.filterBy({ state: this.table.filter.state === state ? '' : state });
    this.render();
  }

  chosen() {
    return this.store.sets().find((set) => set.name === this.table.filter.set);
  }

  render() {
    const sets = this.store.sets();
    const { set: chosen, state } = this.table.filter;
    const numbers = Object.fromEntries(CHOICES.map(([name]) => [name, 0]));
    for (const row of this.store.rows.values()) {
      CHOICES.forEach(([name]) => {
        numbers[name] += name === '' || fits(row, name) ? 1 : 0;
      });
    }
    this.buttons.forEach((one) => {
      setText(one.number, this.store.isLoaded ? count(numbers[one.state]) : '…');
      setAttribute(one.button, 'aria-pressed', one.state === state ? 'true' : 'false');
    });
    this.options(sets);
    sets.forEach((set) => this.line(set).show(set, set.name === chosen));
  }

  options(sets) {
    const names = sets.map((set) => set.label).join('\n');
    if (this.names !== names) {
      this.names = names;
      this.select.replaceChildren(h('option', { value: '' }, 'All sets'), ...sets.map((set) => h('option', { value: set.name }, set.label)));
      this.lines.clear();
      this.list.replaceChildren(...sets.map((set) => this.line(set).element));
    }
    if (this.select.value !== this.table.filter.set) {
      this.select.value = this.table.filter.set;
    }
  }

  line(set) {
    let line = this.lines.get(set.name);
    if (!line) {
      line = new SetLine(set.label, () => this.choose(set.name));
      this.lines.set(set.name, line);
    }
    return line;
  }
}

class SetLine {
  constructor(label, onChosen) {
    this.taking = h('span', { class: 'quiet' });
    this.parts = ['Active', 'Probing', 'Inactive', 'Unknown'].map((state) => h('span', { class: `part ${state.toLowerCase()}` }));
    this.told = h('span', { class: 'told' });
    this.button = h('button', { type: 'button', onclick: onChosen },
      h('span', { class: 'set-name' }, h('span', { class: 'label', title: label }, label), this.taking),
      h('span', { class: 'bar', 'aria-hidden': 'true' }, this.parts), this.told);
    this.element = h('li', {}, this.button);
  }

  show(set, chosen) {
    setText(this.taking, `${count(set.taking)} of ${count(set.total)} take traffic`);
    setClass(this.button, set.taking === 0 ? 'none' : '');
    setAttribute(this.button, 'aria-pressed', chosen ? 'true' : 'false');
    Object.values(set.counts).forEach((number, i) => {
      this.parts[i].style.flexGrow = String(number);
    });
    setText(this.told, [set.counts.Inactive && `■ ${count(set.counts.Inactive)} inactive`,
      set.counts.Probing && `▲ ${count(set.counts.Probing)} probing`].filter(Boolean).join('  '));
  }
}
