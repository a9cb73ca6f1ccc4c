// Shows where a request would be sent, and why.
import * as api from './api.js';
import { byId, facts, forTab, h } from './dom.js';
import { setLabel, tag, badge } from './words.js';

const LAST = 'sip-dispatcher.pick';
const SAMPLE = `INVITE sip:+4930123456@example.org SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-1
Max-Forwards: 70
From: <sip:alice@example.org>;tag=1
To: <sip:+4930123456@example.org>
Call-ID: 1@192.0.2.1
CSeq: 1 INVITE
Contact: <sip:alice@192.0.2.1>
Content-Length: 0

`;

export class PickView {
  constructor() {
    this.form = byId('pick-form');
    this.result = byId('pick-result');
    this.form.elements.message.value = forTab.get(LAST) ?? SAMPLE;
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.ask();
    });
  }

  async ask() {
    const { message, source, socket } = this.form.elements;
    forTab.set(LAST, message.value);
    const text = message.value.replace(/\r?\n/g, '\r\n');
    const whole = text.includes('\r\n\r\n') ? text : `${text.replace(/(\r\n)*$/, '')}\r\n\r\n`;
    try {
      const path = api.query('pick', { source: source.value.trim(), socket: socket.value.trim() });
      this.result.replaceChildren(...shown(await api.postText(path, whole)));
    } catch (refused) {
      this.result.replaceChildren(h('p', { class: 'trouble', role: 'alert' }, refused.message));
    }
  }
}

const OUTCOMES = {
  dispatch: 'is dispatched', reply: 'is answered here', follow: 'follows its dialog or Route', own: 'is for this proxy',
};

function shown(answer) {
  const reply = answer.replyCode ? `${answer.replyCode} ${answer.replyReason ?? ''}` : '';
  return [
    h('section', { class: 'card' }, h('h2', {}, `The request ${OUTCOMES[answer.outcome] ?? answer.outcome}`),
      facts([
        ['Rule', answer.rule ?? 'none'], answer.mode ? ['Mode', answer.mode] : null, reply ? ['Reply', reply] : null,
        answer.reason ? ['Reason', answer.reason] : null,
      ]),
      answer.candidates?.length ? h('h3', {}, 'Candidates, best first') : null,
      answer.candidates?.length ? h('ol', { class: 'candidates' }, answer.candidates.map((one) => h('li', {}, uriOf(one)))) : null,
      answer.headers?.length || answer.log ? facts([
        ...(answer.headers ?? []).map((line) => ['Header', line]), answer.log ? ['Log', answer.log] : null,
      ]) : null),
    ...(answer.sets ?? []).map(ofSet),
  ];
}

function ofSet(one) {
  const members = [...(one.members ?? [])].sort((a, b) => (a.rank || 1e9) - (b.rank || 1e9));
  return h('section', { class: 'card' }, h('h2', {}, `Set ${nameOf(one)}`),
    facts([
      ['Algorithm', [one.algorithm, one.algorithmName].filter((part) => part !== undefined && part !== null && part !== '').join(', ')],
      one.flags ? ['Flags', one.flags] : null,
      one.key !== null && one.key !== undefined ? ['Hashed', one.key] : null,
      one.key !== null && one.key !== undefined ? ['Hash', String(one.hash)] : null,
      one.note ? ['Note', one.note] : null,
    ]),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Members of set ${nameOf(one)}` },
      h('table', { class: 'plain wide' },
        h('thead', {}, h('tr', {}, ['Rank', 'Destination', 'State', 'Usable', 'Why'].map((name) => h('th', { scope: 'col' }, name)))),
        h('tbody', {}, members.map((member) => h('tr', { class: member.usable ? '' : 'out' },
          h('td', {}, member.rank ? String(member.rank) : '–'),
          h('td', { class: 'uri' }, uriOf(member)),
          h('td', {}, member.state ? badge(member.state) : '–', member.hold ? tag('hold', 'hold') : null),
          h('td', {}, member.usable ? 'yes' : 'no'),
          h('td', {}, [member.why, member.who && `by ${member.who}`].filter(Boolean).join(', '))))))));
}

/** The URI of a destination, whether it is a text, a reference or an object. */
function uriOf(one) {
  if (typeof one === 'string') {
    return one;
  }
  return one.uri ?? (one.destination === undefined ? one.id : uriOf(one.destination));
}

function nameOf(one) {
  return one.partition === undefined && typeof one.set === 'object' ? setLabel(one.set)
    : one.partition === undefined ? String(one.set) : setLabel(one);
}
