/** The figures of all runs: row, contestant, metric. Medians are taken when they are read. */
export class Results {
  #values = new Map();

  constructor(say) {
    this.say = say;
  }

  add(row, contestant, figures) {
    const known = this.#values.get(row) ?? new Map();
    this.#values.set(row, known);
    const own = known.get(contestant.id) ?? { title: contestant.title, figures: {} };
    known.set(contestant.id, own);
    for (const [metric, value] of Object.entries(figures)) (own.figures[metric] ??= []).push(value);
    this.say(`${row.padEnd(26)} ${contestant.title.padEnd(18)} ${told(figures)}`);
  }

  has(row) {
    return this.#values.has(row);
  }

  /** The contestants of a row, in the order in which they first came. */
  contestants(row) {
    return [...(this.#values.get(row) ?? [])].map(([id, { title }]) => ({ id, title }));
  }

  /** Null where nothing was measured. */
  median(row, contestantId, metric) {
    const values =
      this.#values
        .get(row)
        ?.get(contestantId)
        ?.figures[metric]?.filter((value) => value !== null) ?? [];
    if (values.length === 0) return null;
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}

const UNITS = {
  publishes: 'publishes/s',
  deliveries: 'deliveries/s',
  ageP50: 'ms p50',
  ageP99: 'ms p99',
  cpuPerPublishes: 'ms CPU/1 000 publishes',
  cpuPerDeliveries: 'ms CPU/1 000 deliveries',
  kib: 'KiB/connection',
  mib: 'MiB',
  seconds: 's',
  longest: 's absence at most',
  busiest: 'back in the busiest second',
};

/** One line of progress. */
function told(figures) {
  return Object.entries(UNITS)
    .filter(([metric]) => typeof figures[metric] === 'number' && Number.isFinite(figures[metric]))
    .map(([metric, unit]) => `${figure(figures[metric])} ${unit}`)
    .join(', ');
}

/** Three digits that count, thousands apart. */
export function figure(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
  return Number(value.toPrecision(3)).toString();
}
