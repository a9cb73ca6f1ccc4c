// The orders, each with a dialog that says what will happen.
import * as api from './api.js';
import { h, kept } from './dom.js';
import { tag } from './words.js';

const NUMBERS = ['weight', 'priority'];
const NAME = 'sip-dispatcher.name';

let open = false;

/** The dialogs ask for a name only if the node requires no token; else the token identifies the user. */
export function namesAreGiven(isOpen) {
  open = isOpen;
}

/** The order with the name that the user entered; the node does not verify it. */
function signed(order) {
  const who = open ? kept.get(NAME) : '';
  return who ? { ...order, who } : order;
}

export function field(label, input, hint) {
  return h('label', { class: 'field' }, h('span', {}, label), input, hint && h('small', {}, hint));
}

function nameField() {
  const input = h('input', { type: 'text', maxlength: 60, value: kept.get(NAME) ?? '', autocomplete: 'username' });
  input.addEventListener('change', () => kept.set(NAME, input.value.trim()));
  return field('Your name', input, 'Shown in the history; this node requires no token.');
}

/**
 * A dialog that closes when the order was executed; it shows errors.
 *
 * @param plan { title, text, fields, confirm, kind, act(say), first }
 */
export function dialog(plan) {
  return new Promise((resolve) => {
    const trouble = h('p', { class: 'trouble', role: 'alert', hidden: true });
    const confirm = h('button', { type: 'submit', class: plan.kind ?? 'primary' }, plan.confirm);
    const heading = `dialog-${Date.now()}`;
    const form = h('form', { method: 'dialog' },
      h('h2', { id: heading }, plan.title), plan.text && h('p', {}, plan.text), plan.fields ?? [], trouble,
      h('div', { class: 'buttons' }, h('button', { type: 'button', class: 'quiet', onclick: () => close() },
        plan.cancel ?? 'Cancel'), confirm));
    const box = h('dialog', { 'aria-labelledby': heading, class: plan.wide ? 'wide' : '' }, form);
    let result;
    const close = () => box.close();
    box.addEventListener('close', () => {
      box.remove();
      resolve(result);
    });
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      confirm.disabled = true;
      trouble.hidden = true;
      try {
        result = await plan.act(confirm);
        if (result !== undefined) {
          close();
        }
      } catch (refused) {
        trouble.textContent = refused.message;
        trouble.hidden = false;
      } finally {
        confirm.disabled = false;
      }
    });
    document.body.append(box);
    box.showModal();
    form.querySelector('input, textarea, select')?.focus();
  });
}

function ordered(row, plan) {
  const why = h('input', { type: 'text', maxlength: 200, name: 'why', required: plan.needsReason, autocomplete: 'off' });
  return dialog({
    title: `${plan.verb} ${plan.target ? `${plan.target} of ` : ''}${row.uri}`,
    text: plan.text,
    fields: [field('Reason', why), open && nameField()],
    confirm: plan.confirm ?? plan.verb,
    kind: plan.kind,
    act: async () => {
      const order = { ...plan.order, ...(plan.target && { target: plan.target }), why: why.value.trim() };
      return (await api.post(api.destination(row.id, plan.path), signed(order))) ?? {};
    },
  });
}

/** `target`: one address of a name; undefined for the destination. */
export const hold = (row, target) => ordered(row, {
  verb: 'Hold', path: '/hold', needsReason: true, kind: 'danger', target,
  text: 'It takes no new requests until it is released or set Active, regardless of probes. Active calls are not affected.',
});

export const release = (row, target) => ordered(row, {
  verb: 'Release', path: '/release', target, text: 'From now on probes and traffic decide again.',
});

export const drain = (row) => ordered(row, {
  verb: 'Drain', path: '/drain', kind: 'danger',
  text: 'It is put on hold, and its active calls are counted until none is left.',
});

export const setActive = (row) => ordered(row, {
  verb: 'Set Active', path: '/state', order: { state: 'active' },
  text: 'It takes traffic at once; further failures may set it to Probing again.',
});

/** `now`: what is under way at the node, and which nodes take calls. */
export function beginMaintenance(node, now) {
  const why = h('input', { type: 'text', maxlength: 200, name: 'why', autocomplete: 'off' });
  const keep = h('input', { type: 'checkbox', name: 'keep' });
  const last = now.takingNodes.every((one) => one === now.node);
  return dialog({
    title: `Maintenance of ${node}`,
    text: 'It takes no new calls and answers OPTIONS to itself with 503, so that callers use other nodes. Open calls are not affected.'
      + (last ? ' No other node takes new calls now: all new calls will fail.' : ''),
    fields: [field('Reason', why), h('label', { class: 'check' }, keep, ' also after a restart of the node'), open && nameField()],
    confirm: 'Begin maintenance',
    kind: 'danger',
    act: () => api.post('maintenance/on', signed({ why: why.value.trim(), keep: keep.checked })),
  });
}

export const endMaintenance = (node) => dialog({
  title: `End maintenance of ${node}`,
  text: 'It takes new calls at once.',
  fields: [open && nameField()],
  confirm: 'End maintenance',
  act: () => api.post('maintenance/off', signed({})),
});

export function probe(row) {
  return api.post(api.destination(row.id, '/probe'), signed({}));
}

export const remove = (row) => dialog({
  title: `Remove ${row.uri}`,
  text: `This temporary destination leaves set ${row.partition}:${row.set} on all nodes.`,
  fields: [open && nameField()],
  confirm: 'Remove',
  kind: 'danger',
  act: () => api.remove(api.destination(row.id), signed({})),
});

/** Shows a dry run first; only then the reload can be applied, with the role write. */
export function reload(partitions, mayApply) {
  const partition = h('select', {}, h('option', { value: '' }, 'all partitions'),
    partitions.map((name) => h('option', { value: name }, name)));
  const drop = h('input', { type: 'checkbox', name: 'drop' });
  const skip = h('input', { type: 'checkbox', name: 'skip' });
  const skipping = h('label', { class: 'check', hidden: true }, skip, ' skip bad rows and load the others');
  const result = h('div', { class: 'outcome', 'aria-live': 'polite' });
  let seen = false;
  let button;
  const offer = (dryRun) => {
    seen = dryRun;
    button.textContent = seen ? 'Apply' : 'Dry run';
  };
  const again = () => {
    result.replaceChildren();
    if (button) {
      offer(false);
    }
  };
  [partition, drop, skip].forEach((input) => input.addEventListener('change', again));
  return dialog({
    title: 'Reload',
    text: `Reads the tables and lists again. The dry run shows what would change; ${
      mayApply ? 'nothing changes until you apply it.' : 'your role is read, so it cannot be applied.'}`,
    wide: true,
    fields: [field('Partition', partition),
      h('label', { class: 'check' }, drop, ' also drop temporary destinations'), skipping, open && mayApply && nameField(), result],
    confirm: 'Dry run',
    cancel: 'Close',
    act: async (confirm) => {
      button = confirm;
      const order = { partition: partition.value, dropTemporary: drop.checked, ...(skip.checked && { skipBadRows: true }) };
      try {
        const outcome = await api.post('reload', signed({ ...order, dryRun: !seen }));
        result.replaceChildren(...report(outcome, seen));
        skipping.hidden &&= !outcome.error;
        offer(!seen && mayApply && !outcome.error);
      } catch (refused) {
        again();
        skipping.hidden &&= refused.status !== 409;
        throw refused;
      }
      return undefined;
    },
  });
}

function report(outcome, applied) {
  const changes = outcome.changes ?? [];
  const warnings = outcome.warnings ?? [];
  return [
    h('p', {}, applied ? tag('applied', 'good') : tag('dry run'), ` revision ${outcome.revision}: `,
      changes.length === 0 ? 'no changes' : `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`),
    outcome.error ? h('p', { class: 'trouble', role: 'alert' }, 'The reload would be refused: ', outcome.error) : null,
    changes.length ? h('ul', { class: 'diff', tabindex: 0, 'aria-label': 'Changes' },
      changes.map((line) => h('li', { class: kindOf(String(line)) }, String(line)))) : null,
    warnings.length ? h('ul', { class: 'warnings' }, warnings.map((line) => h('li', {}, String(line)))) : null,
  ].filter(Boolean);
}

function kindOf(line) {
  return /^(\+|added?\b|new\b)/i.test(line) ? 'plus' : /^(-|−|removed?\b|gone\b)/i.test(line) ? 'minus' : '';
}

export function add(partitions, set) {
  const input = (name, props = {}) => h('input', { type: 'text', name, autocomplete: 'off', ...props });
  const inputs = {
    partition: input('partition', { value: set?.partition ?? partitions[0] ?? 'default', required: true }),
    set: input('set', { inputmode: 'numeric', pattern: '[0-9]+', value: set?.set ?? '', required: true }),
    uri: input('uri', { placeholder: 'sip:10.0.0.7:5060', required: true }),
    socket: input('socket'),
    weight: input('weight', { placeholder: '1' }),
    priority: input('priority', { inputmode: 'numeric', placeholder: '0' }),
    attrs: input('attrs'),
    description: input('description'),
    state: h('select', { name: 'state' }, ['active', 'inactive', 'probing'].map((name) => h('option', { value: name }, name))),
  };
  return dialog({
    title: 'Add temporary destination',
    text: 'All nodes know it at once. It exists until it is removed, and is not written to a table.',
    wide: true,
    fields: [h('div', { class: 'pair' }, field('Partition', inputs.partition), field('Set', inputs.set)),
      field('URI', inputs.uri),
      h('div', { class: 'pair' }, field('Weight', inputs.weight), field('Priority', inputs.priority)),
      h('div', { class: 'pair' }, field('Socket', inputs.socket), field('Initial state', inputs.state)),
      h('div', { class: 'pair' }, field('Attrs', inputs.attrs), field('Description', inputs.description)),
      open && nameField()],
    confirm: 'Add',
    act: () => {
      const order = { set: Number(inputs.set.value) };
      for (const [name, one] of Object.entries(inputs)) {
        if (name !== 'set' && one.value.trim() !== '') {
          const value = one.value.trim();
          order[name] = NUMBERS.includes(name) && /^[0-9]+$/.test(value) ? Number(value) : value;
        }
      }
      return api.post('destinations', signed(order));
    },
  });
}

/** Asks for a token; says so if the previous one was refused. */
export function token(wasRefused) {
  const input = h('input', { type: 'password', name: 'token', required: true, autocomplete: 'current-password' });
  return dialog({
    title: 'Token',
    text: wasRefused ? 'The node refused that token, and it was deleted. Enter another one.'
      : 'This node requires a token. It is kept until this tab is closed.',
    fields: [field('Token', input)],
    confirm: 'Continue',
    act: async () => {
      if (!/^[\x21-\x7e]+$/.test(input.value.trim())) {
        throw new Error('token: as written (expected: printable ASCII without blanks)');
      }
      return input.value.trim();
    },
  }).then((value) => {
    if (value === undefined) {
      throw new api.Refused(401, 'This node requires a token, and none was given.');
    }
    return value;
  });
}
