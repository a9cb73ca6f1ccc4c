// The event stream, read by fetch: EventSource can send neither a token nor our own Last-Event-ID.
import { open } from './api.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** The node sends something at least every 10 s. */
const SILENCE_MS = 25_000;

/** Parses a stream of text into events, as defined by the HTML standard. */
export class EventText {
  constructor(onEvent) {
    this.onEvent = onEvent;
    this.rest = '';
    this.lastId = '';
    this.clear();
  }

  clear() {
    this.name = '';
    this.data = [];
  }

  add(text) {
    this.rest += text;
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop();
    lines.forEach((line) => this.line(line));
  }

  line(line) {
    if (line === '') {
      if (this.data.length > 0) {
        this.onEvent(this.name || 'message', this.data.join('\n'));
      }
      this.clear();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') {
      this.name = value;
    } else if (field === 'data') {
      this.data.push(value);
    } else if (field === 'id') {
      this.lastId = value;
    }
  }
}

/** Reads forever; a stream that ends or falls silent is opened again after the last received event. */
export class Stream {
  /**
   * @param callbacks { opened(), event(name, object), cut(untilMs, why) }
   */
  constructor(path, callbacks) {
    this.path = path;
    this.callbacks = callbacks;
    this.lastId = '';
    this.pauseMs = FIRST_PAUSE_MS;
    this.wake = () => {};
  }

  async run() {
    for (;;) {
      let why = 'the node ended the stream';
      try {
        await this.once();
      } catch (trouble) {
        why = trouble.name === 'AbortError' ? 'no data for a while' : trouble.message;
      }
      const pauseMs = this.pauseMs * (0.75 + Math.random() / 2);
      this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
      this.callbacks.cut(Date.now() + pauseMs, why);
      await new Promise((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, pauseMs);
      });
    }
  }

  /** Tries again at once. */
  now() {
    this.pauseMs = FIRST_PAUSE_MS;
    this.wake();
  }

  async once() {
    const control = new AbortController();
    let watch = setTimeout(() => control.abort(), SILENCE_MS);
    try {
      const headers = { Accept: 'text/event-stream' };
      if (this.lastId !== '') {
        headers['Last-Event-ID'] = this.lastId;
      }
      const response = await open(this.path, { headers, signal: control.signal });
      if (!response.ok || !response.body) {
        throw new Error(`the node answered ${response.status}`);
      }
      this.callbacks.opened();
      this.pauseMs = FIRST_PAUSE_MS;
      const events = new EventText((name, data) => this.callbacks.event(name, JSON.parse(data)));
      events.lastId = this.lastId;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          return;
        }
        clearTimeout(watch);
        watch = setTimeout(() => control.abort(), SILENCE_MS);
        events.add(value);
        this.lastId = events.lastId;
      }
    } finally {
      clearTimeout(watch);
      control.abort();
    }
  }
}
