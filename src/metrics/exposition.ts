import { Counter, Gauge, type Metric, type Registry } from 'prom-client';
import type { Spread } from '../common/tally.js';

/** Values with their label, in the order of the metric's label names. */
export type Labelled<Value> = Iterable<readonly [labels: string | readonly string[], value: Value]>;

interface Description {
  name: string;
  help: string;
  labels?: readonly string[];
}

/** Puts our own counters before Prometheus: nothing is computed until somebody asks. */
export class Exposition {
  constructor(private readonly registry: Registry) {}

  /** Something that only grows. */
  counter(description: Description, read: () => number | Labelled<number>): void {
    const metric: Counter = new Counter({
      ...this.config(description),
      collect: () => {
        metric.reset();
        for (const [labels, value] of each(read())) metric.inc(named(description, labels), value);
      },
    });
  }

  /** Something that goes up and down. */
  gauge(description: Description, read: () => number | Labelled<number>): void {
    const metric: Gauge = new Gauge({
      ...this.config(description),
      collect: () => {
        metric.reset();
        for (const [labels, value] of each(read())) metric.set(named(description, labels), value);
      },
    });
  }

  /** The library's own histogram would have to be fed with every value; this one reads what was counted. */
  histogram(description: Description, read: () => Spread | Labelled<Spread>): void {
    const { name, help } = description;
    const get = (): object => {
      const values = [...each(read())].flatMap(([labels, spread]) => lines(name, named(description, labels), spread));
      return { name, help, type: 'histogram', aggregator: 'sum', values };
    };
    this.registry.registerMetric({ name, get } as unknown as Metric);
  }

  private config({ name, help, labels = [] }: Description) {
    return { name, help, labelNames: labels, registers: [this.registry] };
  }
}

function each<Value extends object | number>(values: Value | Labelled<Value>): Labelled<Value> {
  const labelled = typeof values === 'object' && Symbol.iterator in values;
  return labelled ? (values as Labelled<Value>) : [[[], values as Value]];
}

function named({ labels = [] }: Description, values: string | readonly string[]): Record<string, string> {
  const list = typeof values === 'string' ? [values] : values;
  return Object.fromEntries(labels.map((label, index) => [label, list[index] ?? '']));
}

function lines(name: string, labels: Record<string, string>, { bounds, counts, sum }: Spread): object[] {
  let below = 0;
  const buckets = counts.map((count, index) => {
    below += count;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[index] ?? '+Inf' }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: below },
  ];
}
