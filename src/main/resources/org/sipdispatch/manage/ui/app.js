// Connects the parts of the page.
import * as api from './api.js';
import * as orders from './orders.js';
import { ClusterView } from './cluster.js';
import { byId, h, kept, setClass, setText } from './dom.js';
import { HistoryView } from './history.js';
import { Limits } from './limits.js';
import { Meters } from './meter.js';
import { Panel } from './panel.js';
import { PickView } from './pick.js';
import { SetsView } from './sets.js';
import { Store } from './store.js';
import { Stream } from './stream.js';
import { COLUMNS, Table } from './table.js';
import { TrafficView } from './traffic.js';
import { clockIs, count, duration } from './words.js';

const THEME = 'sip-dispatcher.theme';
const THEMES = { auto: 'Theme: auto', light: 'Theme: light', dark: 'Theme: dark' };
const VIEWS = ['destinations', 'traffic', 'history', 'cluster', 'pick'];
const TICK_MS = 1000;

let role = 'read';
let drawing = false;
let view = 'destinations';
let cut = null;
let announcements = [];
let begun = false;

const meters = new Meters();
const store = new Store({ changed: draw, turned });
const limits = new Limits(draw);
const table = new Table(store, meters, limits, { head: byId('rows-head'), body: byId('rows') }, { open: openPanel, page: showPager });
const sets = new SetsView(store, table);
const traffic = new TrafficView(meters);
const cluster = new ClusterView(store, () => role);
const past = new HistoryView();
new PickView();
const panel = new Panel({
  row: (id) => store.rows.get(id), stats: (id) => meters.of(id), mayWrite: () => role === 'write',
  closed: (id) => {
    table.opened(null);
    table.focus(table.rows.has(id) ? id : null);
  },
  say,
});
const stream = new Stream('events?traffic=on', { opened, event, cut: wasCut });

/** Draws at most once per frame, however many updates arrive. */
function draw() {
  if (!drawing) {
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      setText(byId('revision'), `revision ${store.revision}`);
      if (view === 'destinations') {
        sets.render();
        table.render();
      } else if (view === 'traffic') {
        traffic.render();
      }
      panel.refresh();
    });
  }
}

/** Announces changed states to screen readers; more than three at once as a number. */
function turned(row, before) {
  if (announcements.length === 0) {
    setTimeout(() => {
      say(announcements.length > 3 ? `${announcements.length} destinations changed` : announcements.join('. '));
      announcements = [];
    }, 700);
  }
  const hold = before.hold === row.hold ? '' : row.hold ? ', on hold' : ', released';
  announcements.push(`${row.uri} is ${row.state}${hold}`);
}

function say(text) {
  setText(byId('announce'), text);
}

function opened() {
  cut = null;
  showStream();
  store.list().catch((trouble) => fail(trouble));
  cluster.load();
  limits.load();
}

function event(name, data) {
  if (name === 'view') {
    store.view(data.destinations);
  } else if (name === 'traffic') {
    clockIs(data.atMs);
    meters.add(data);
    draw();
    if (view === 'destinations' && !document.hidden) {
      limits.load();
    }
  } else if (name === 'definitions') {
    store.list().catch((trouble) => fail(trouble));
  } else if (name === 'status' || name === 'superseded') {
    past.add(data);
  }
}

function wasCut(untilMs, why) {
  cut = { sinceMs: cut?.sinceMs ?? Date.now(), untilMs, why };
  showStream();
}

/** Shows whether the stream is connected; without it the page is marked as stale. */
function showStream() {
  const chip = byId('live');
  document.body.classList.toggle('stale', cut !== null);
  setClass(chip, `chip ${cut ? 'bad' : 'good'}`);
  setText(chip, cut ? '■ stale' : '● live');
  byId('stale').hidden = cut === null;
  if (cut) {
    const left = Math.max(0, cut.untilMs - Date.now());
    setText(byId('stale-text'), `No data from the node for ${duration(Date.now() - cut.sinceMs)} (${cut.why}): the page shows the last known data. `
      + (left > 0 ? `Trying again in ${duration(left)}.` : 'Trying again…'));
  }
}

function fail(trouble) {
  setText(byId('trouble'), trouble.message);
  byId('trouble').hidden = false;
}

function openPanel(id) {
  table.opened(id);
  panel.open(id);
}

function showPager(page) {
  const end = page.from + page.shown;
  const range = page.total === 0 ? 'No destination matches' : `${count(page.from + 1)}–${count(end)} of ${count(page.total)}`;
  setText(byId('page-text'), store.isLoaded ? range : 'Loading…');
  byId('page-before').disabled = page.page === 0;
  byId('page-after').disabled = page.page >= page.pages - 1;
}

/** Shows the view in the URL's fragment: #/history?destination=... */
function route() {
  const [name, rest] = location.hash.slice(2).split('?');
  const params = new URLSearchParams(rest ?? '');
  view = VIEWS.includes(name) ? name : 'destinations';
  VIEWS.forEach((one) => {
    byId(one).hidden = one !== view;
    const link = document.querySelector(`nav a[href="#/${one}"]`);
    if (one === view) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  });
  if (view === 'history') {
    panel.close();
    past.show(params);
  } else if (view === 'cluster') {
    cluster.load();
  } else if (params.has('open')) {
    openPanel(params.get('open'));
  }
  draw();
}

function theme(name) {
  if (name === 'auto') {
    document.documentElement.removeAttribute('data-theme');
  } else {
    document.documentElement.setAttribute('data-theme', name);
  }
  setText(byId('theme'), THEMES[name]);
  kept.set(THEME, name);
}

function keys(key) {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(key.target.tagName);
  const within = document.querySelector('dialog[open]') !== null;
  if (key.ctrlKey || key.metaKey || key.altKey || within) {
    return;
  }
  if (key.key === '/' && !typing) {
    key.preventDefault();
    location.hash = '#/destinations';
    byId('filter').focus();
  } else if (key.key === '?' && !typing) {
    byId('help').showModal();
  } else if (key.key === 'Escape') {
    panel.close();
  }
}

function wire() {
  const filter = byId('filter');
  filter.addEventListener('input', () => table.filterBy({ text: filter.value }));
  filter.addEventListener('keydown', (key) => {
    if (key.key === 'ArrowDown' || key.key === 'Enter') {
      key.preventDefault();
      table.focus(table.order[0]);
    }
  });
  const sort = byId('sort');
  COLUMNS.filter((column) => column.by !== undefined)
    .forEach((column) => sort.append(h('option', { value: column.key }, column.short ?? column.title)));
  sort.addEventListener('change', () => table.sortBy(sort.value));
  byId('page-before').addEventListener('click', () => table.turnTo(table.page - 1));
  byId('page-after').addEventListener('click', () => table.turnTo(table.page + 1));
  byId('reload').addEventListener('click', () => orders.reload(store.partitions(), role === 'write').then(() => store.list()));
  byId('add').addEventListener('click', () => orders.add(store.partitions(), sets.chosen()).then(() => store.list()));
  byId('help-open').addEventListener('click', () => byId('help').showModal());
  byId('help-close').addEventListener('click', () => byId('help').close());
  byId('stale-now').addEventListener('click', () => stream.now());
  byId('forget').addEventListener('click', () => {
    api.forgetToken();
    location.reload();
  });
  byId('sign-in').addEventListener('click', () => signIn());
  byId('theme').addEventListener('click', () => {
    const names = Object.keys(THEMES);
    const now = document.documentElement.getAttribute('data-theme') ?? 'auto';
    theme(names[(names.indexOf(now) + 1) % names.length]);
  });
  document.addEventListener('keydown', keys);
  window.addEventListener('hashchange', route);
  setInterval(() => {
    if (cut) {
      showStream();
    }
    if (!document.hidden) {
      draw();
    }
  }, TICK_MS);
}

async function whoAmI() {
  const me = await api.get('whoami');
  role = me.role;
  orders.namesAreGiven(Boolean(me.open));
  setText(byId('role'), me.open ? 'open to all on this host' : `${me.name} · ${me.role}`);
  byId('role').title = me.open ? 'This node requires no token' : `Your role is ${me.role}`;
  byId('forget').hidden = !api.hasToken();
  byId('reload').disabled = false;
  byId('reload').title = role === 'write' ? '' : 'Your role is read: a dry run only';
  byId('add').disabled = role !== 'write';
  byId('add').title = role === 'write' ? '' : 'Your role is read';
  panel.refresh();
}

/** After the token dialog was closed it does not open again; a button opens it. */
function showDeclined() {
  byId('sign-in').hidden = !api.isDeclined();
  byId('forget').hidden = !api.hasToken();
}

async function signIn() {
  api.askAgain();
  try {
    await whoAmI();
    byId('trouble').hidden = true;
    if (begun) {
      stream.now();
    } else {
      start();
    }
  } catch (trouble) {
    fail(trouble);
  }
  showDeclined();
}

function start() {
  begun = true;
  cluster.run();
  stream.run();
  route();
}

/** Tries until the node answers. Stops if the node requires a token and the user enters none. */
async function begin() {
  for (let pauseMs = 500; ; pauseMs = Math.min(2 * pauseMs, 15_000)) {
    try {
      await whoAmI();
      byId('trouble').hidden = true;
      break;
    } catch (trouble) {
      fail(trouble);
      if (api.isDeclined()) {
        showDeclined();
        return;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, pauseMs);
      });
    }
  }
  start();
}

api.tokensComeFrom((wasRefused) => orders.token(wasRefused).catch((closed) => {
  setTimeout(showDeclined);
  throw closed;
}));
theme(kept.get(THEME) in THEMES ? kept.get(THEME) : 'auto');
wire();
begin();
