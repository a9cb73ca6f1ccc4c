// Graphs as SVG.
import { h, setText, svg } from './dom.js';
import { clock } from './words.js';

const WIDTH = 560;
const HEIGHT = 150;
const LEFT = 40;
const BOTTOM = 22;
const TOP = 6;
const SPANS_MIN = [1, 2, 5, 10];

/** A small graph of a destination's requests in the last minute. */
export class Sparkline {
  constructor() {
    this.line = svg('path', { class: 'spark-line' });
    this.area = svg('path', { class: 'spark-area' });
    this.element = svg('svg', {
      class: 'spark', viewBox: '0 0 60 18', width: 60, height: 18, 'aria-hidden': 'true', focusable: 'false',
    }, this.area, this.line);
    this.drawn = '';
  }

  draw(bins) {
    const path = bins && bins.some((one) => one > 0) ? this.path(bins) : 'M0 17H60';
    if (path !== this.drawn) {
      this.drawn = path;
      this.line.setAttribute('d', path);
      this.area.setAttribute('d', `${path}V18H0Z`);
    }
  }

  path(bins) {
    const most = Math.max(...bins);
    return bins
      .map((one, i) => `${i ? 'L' : 'M'}${(i * 60 / (bins.length - 1)).toFixed(1)} ${(17 - 15 * one / most).toFixed(1)}`)
      .join('');
  }
}

/** The next round number. */
export function ceiling(most) {
  if (most <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= most - 1e-9);
}

/** Lines over up to the last ten minutes, with a legend of the values at the pointer, or the newest ones. */
export class Chart {
  /**
   * @param lines [{ name, of, style }]: of is a property of the points, style one of s0 to s6
   * @param written formats a value
   */
  constructor(title, unit, lines, written) {
    this.lines = lines;
    this.written = written;
    this.points = [];
    this.pointer = null;
    this.paths = lines.map((line) => svg('path', { class: `line ${line.style}` }));
    this.grid = svg('g', { class: 'grid' });
    this.cross = svg('path', { class: 'cross' });
    this.drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'chart', role: 'img' },
      this.grid, ...this.paths, this.cross);
    this.values = lines.map(() => h('b', {}));
    this.time = h('span', { class: 'quiet' });
    const legend = h('ul', { class: 'legend' }, lines.map((line, i) => h('li', {},
      svg('svg', { viewBox: '0 0 18 8', width: 18, height: 8, 'aria-hidden': 'true' },
        svg('path', { class: `line ${line.style}`, d: 'M1 4H17' })), line.name, ' ', this.values[i])));
    this.title = `${title}, ${unit}`;
    this.element = h('figure', { class: 'card' },
      h('figcaption', {}, h('h2', {}, title), h('span', { class: 'quiet' }, unit), this.time), this.drawing, legend);
    this.drawing.addEventListener('pointermove', (event) => this.point(event));
    this.drawing.addEventListener('pointerleave', () => {
      this.pointer = null;
      this.draw(this.points);
    });
  }

  point(event) {
    const box = this.drawing.getBoundingClientRect();
    this.pointer = (event.clientX - box.left) * WIDTH / box.width;
    this.draw(this.points);
  }

  draw(points) {
    this.points = points;
    const end = points.at(-1)?.at ?? 0;
    const longest = SPANS_MIN.at(-1);
    this.spanMin = SPANS_MIN.find((span) => span * 60_000 >= end - (points[0]?.at ?? end)) ?? longest;
    this.x = (at) => LEFT + (WIDTH - LEFT - 4) * (1 - (end - at) / (this.spanMin * 60_000));
    const shown = points.filter((point) => end - point.at <= this.spanMin * 60_000);
    const most = ceiling(Math.max(0, ...shown.flatMap((point) => this.lines.map((line) => point[line.of] ?? 0))));
    const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most);
    this.drawGrid(most, y, end);
    this.lines.forEach((line, i) => this.paths[i].setAttribute('d', path(shown, line.of, this.x, y)));
    this.showValues(shown);
  }

  drawGrid(most, y, end) {
    const marks = [0, 0.5, 1].map((share) => [
      svg('path', { d: `M${LEFT} ${y(share * most)}H${WIDTH - 4}` }),
      label(LEFT - 5, y(share * most) + 3.5, 'end', this.written(share * most)),
    ]);
    const minutes = [this.spanMin, this.spanMin / 2, 0].map((ago) => label(
      this.x(end - ago * 60_000), HEIGHT - 4, ago === 0 ? 'end' : ago === this.spanMin ? 'start' : 'middle',
      ago === 0 ? 'now' : `−${ago} min`));
    this.grid.replaceChildren(...marks.flat(), ...minutes);
  }

  showValues(shown) {
    let point = shown.at(-1);
    if (this.pointer !== null && shown.length > 0) {
      point = shown.reduce((best, one) =>
        (Math.abs(this.x(one.at) - this.pointer) < Math.abs(this.x(best.at) - this.pointer) ? one : best));
    }
    this.cross.setAttribute('d', this.pointer !== null && point ? `M${this.x(point.at)} ${TOP}V${HEIGHT - BOTTOM}` : '');
    setText(this.time, this.pointer !== null && point ? clock(point.at) : '');
    this.lines.forEach((line, i) => setText(this.values[i], point ? this.written(point[line.of]) : '–'));
    const now = this.lines.map((line) => `${line.name} ${point ? this.written(point[line.of]) : 'unknown'}`).join(', ');
    this.drawing.setAttribute('aria-label', `${this.title}: ${now}`);
  }
}

function label(x, y, anchor, text) {
  const element = svg('text', { x, y, 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

function path(points, name, x, y) {
  let pen = 'M';
  let all = '';
  for (const point of points) {
    const value = point[name];
    if (value === null || value === undefined) {
      pen = 'M';
    } else {
      all += `${pen}${x(point.at).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = 'L';
    }
  }
  return all;
}
