/** Numbers that only look random: the same seed gives the same ones on every machine (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  /** From 0 to below the limit. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  one<Thing>(things: readonly Thing[]): Thing {
    return things[this.below(things.length)]!;
  }
}

/** JSON as text, because not all of it can be a value: `1e400`, half a surrogate pair, the same key twice. */
type Text = string;

const deep = (depth: number, open: string, close: string): Text => `${open.repeat(depth)}0${close.repeat(depth)}`;

const VALUES: readonly Text[] = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '-0',
  '1e308',
  '1e400',
  '-1e400',
  '9007199254740993',
  '9'.repeat(400),
  '""',
  '" "',
  '"0"',
  '"1"',
  '"\\ud800"',
  '"a\\udc00b"',
  '"\\u0000"',
  '"__proto__"',
  '"constructor"',
  '"../../etc/passwd"',
  `"' OR 1=1 --"`,
  '"%00%ff"',
  '"2026-13-45T99:99:99Z"',
  `"${'x'.repeat(3_000)}"`,
  '[]',
  '{}',
  '[null]',
  '[[[]]]',
  '{"$ne":null}',
  '{"$gt":""}',
  '{"_eq":{"_eq":{}}}',
  '{"toString":"x"}',
  '{"length":-1}',
  '{"then":true}',
  '{"__proto__":{"admin":true}}',
  '{"_placeholder":true,"num":0}',
  deep(600, '[', ']'),
  deep(600, '{"a":', '}'),
];

const KEYS: readonly string[] = [
  '__type',
  '__proto__',
  'constructor',
  'prototype',
  'toJSON',
  'id',
  'token',
  'password_hash',
  'reset_token',
  'secret',
  'api_key',
  'salt',
  'otp_code',
  'workspace_id',
  'role',
  'filters',
  'query',
  'last_id',
  'epoch',
  'position',
  'history',
  'command',
  'identifier',
  'name',
  'data',
  '',
  '\u0000',
];

/** The name of a Socket.IO event, or nothing; the content; the end of the packet. */
const PARTS = /^(\d+\["[^"]*",|)(.*?)(\]|)$/s;

/** Makes bad frames of good ones. The name of a Socket.IO event is kept: without it nobody would look at the rest. */
export class Mutations {
  constructor(private readonly dice: Dice) {}

  /** Mostly still a frame, whose content makes no sense. */
  of(seed: string): string {
    const [, head, json, tail] = PARTS.exec(seed)!;
    let value = JSON.parse(json!) as unknown;
    for (let steps = 1 + this.dice.below(3); steps > 0; steps -= 1) value = this.changed(value);
    return head + write(value) + tail;
  }

  /** No JSON any more. */
  broken(seed: string): string {
    const at = this.dice.below(seed.length);
    switch (this.dice.below(4)) {
      case 0:
        return seed.slice(0, at);
      case 1:
        return seed.slice(0, at) + String.fromCharCode(this.dice.below(0x3000)) + seed.slice(at + 1);
      case 2:
        return seed + seed.slice(at);
      default:
        return seed.slice(at) + seed.slice(0, at);
    }
  }

  /** Somewhere inside, one value is another, or gone, or new. */
  private changed(value: unknown): unknown {
    if (typeof value === 'string' && /^[[{]/.test(value) && this.dice.below(3) > 0) return this.inText(value);
    if (typeof value !== 'object' || value === null || value instanceof Raw) return this.anything();
    const keys = Object.keys(value);
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    const key = this.dice.one(keys);
    const choice = this.dice.below(10);
    if (keys.length === 0 || choice === 0) this.set(copy, this.dice.one(KEYS), this.anything());
    else if (choice === 1) delete copy[key];
    else if (choice === 2) this.set(copy, key, this.anything());
    else this.set(copy, key, this.changed(copy[key]));
    return copy;
  }

  /** A text with JSON in it, such as the name of a subscription. */
  private inText(text: string): unknown {
    try {
      return write(this.changed(JSON.parse(text)));
    } catch {
      return this.anything();
    }
  }

  private anything(): Raw {
    return new Raw(this.dice.one(VALUES));
  }

  /** `__proto__` would set something else. */
  private set(target: object, key: string, value: unknown): void {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  }
}

/** Is written as it is. */
class Raw {
  constructor(readonly text: Text) {}
}

function write(value: unknown): Text {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${Array.from(value, (each) => write(each ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const parts = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${write(inner)}`);
  return `{${parts.join(',')}}`;
}
