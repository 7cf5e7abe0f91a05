import { readFileSync } from 'node:fs';

const PAGE = 'docs/dialects/actioncable.md';

/** The keys of a payload; a key whose value is made of keys of its own, or a list of such, names their shape. */
type Shape = Map<string, string | null>;

/** The payloads of docs/dialects/actioncable.md, as its tables list them. */
export class ActionCablePage {
  private readonly shapes = new Map<string, Shape>();
  private readonly payloads = new Map<string, Shape>();

  constructor() {
    const rows = readFileSync(PAGE, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'));
    for (const cells of rows.map(cellsOf)) {
      const shape = /^_([\w ]+)_$/.exec(cells[0]!)?.[1];
      if (shape !== undefined && cells.length === 2) this.shapes.set(shape, shapeIn(cells[1]!));
    }
    for (const [channel, event, , , payload] of rows.map(cellsOf)) {
      if (payload === undefined || !channel!.endsWith('Channel`')) continue;
      const whole = /^_([\w ]+)_$/.exec(payload)?.[1];
      this.payloads.set(nameOf(plain(channel!), plain(event!)), whole ? this.shape(whole) : shapeIn(payload));
    }
  }

  /** `ChatRoomChannel chatRoomCreated`, in the order of the page. */
  get events(): string[] {
    return [...this.payloads.keys()];
  }

  keysOf(shape: string): string[] {
    return [...this.shape(shape).keys()].sort();
  }

  /** What is wrong with the keys of a message, also with those further inside: nothing, for what is as the page says. */
  faults(channel: string, { event, ...payload }: Record<string, unknown>): string[] {
    const name = nameOf(channel, String(event));
    const shape = this.payloads.get(name);
    return shape ? this.compare(name, shape, payload) : [`${name} is not on the page`];
  }

  private compare(where: string, shape: Shape, value: unknown): string[] {
    if (value === null) return [];
    if (Array.isArray(value)) return value.flatMap((each) => this.compare(`${where}[]`, shape, each));
    const [wanted, found] = [
      [...shape.keys()].sort().join(),
      Object.keys(value as object)
        .sort()
        .join(),
    ];
    if (wanted !== found) return [`${where} has ${found} instead of ${wanted}`];
    return [...shape].flatMap(([key, inner]) =>
      inner === null ? [] : this.compare(`${where}.${key}`, this.shape(inner), (value as Record<string, unknown>)[key]),
    );
  }

  private shape(name: string): Shape {
    const shape = this.shapes.get(name);
    if (!shape) throw new Error(`${PAGE} has no shape "${name}"`);
    return shape;
  }
}

function cellsOf(row: string): string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function shapeIn(cell: string): Shape {
  return new Map([...cell.matchAll(/`(\w+)`(?: \(_([\w ]+)_\))?/g)].map(([, key, inner]) => [key!, inner ?? null]));
}

function plain(cell: string): string {
  return cell.replaceAll('`', '');
}

function nameOf(channel: string, event: string): string {
  return `${channel} ${event}`;
}
