// Graphs of this node's traffic while the page is open.
import { byId } from './dom.js';
import { Chart } from './chart.js';
import { count, millis, rate } from './words.js';

const line = (name, of, style) => ({ name, of, style });

export class TrafficView {
  constructor(meters) {
    this.meters = meters;
    this.charts = [
      new Chart('Requests', 'per second', [line('received', 'requests', 's1'), line('forwarded', 'forwarded', 's2')], rate),
      new Chart('Replies', 'per second', ['1xx', '2xx', '3xx', '4xx', '5xx', '6xx'].map((name, i) => line(name, name, `s${i}`)), rate),
      new Chart('Failures', 'per second', [line('failovers', 'failovers', 's3'), line('silent', 'silent', 's4'),
        line('unreachable', 'unreachable', 's5')], rate),
      new Chart('Latency', 'ms to the first reply', [line('p50', 'p50', 's1'), line('p95', 'p95', 's4')], millis),
      new Chart('Open', 'now', [line('calls', 'open', 's1'), line('transactions', 'pending', 's3')], (value) => count(Math.round(value ?? 0))),
    ];
    byId('charts').append(...this.charts.map((chart) => chart.element));
  }

  render() {
    this.charts.forEach((chart) => chart.draw(this.meters.points));
  }
}
