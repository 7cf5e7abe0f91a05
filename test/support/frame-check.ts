import type { z } from 'zod';
import type { DoorDescription } from '../../src/realtime/asyncapi/door-description.js';
import type { RoomDescription } from '../../src/realtime/asyncapi/doors.js';

/** Texts that were found to be right are remembered, because most of them go to many: so many, of at most this length. */
const REMEMBERED = 5_000;
const REMEMBERED_LENGTH = 20_000;

type Check = (value: unknown) => z.ZodError | null;

/** What left the server and is not as its door says: which keys are wrong, never what was in them. */
export const faults = new Set<string>();

/** Holds what one door sends to its description. */
export class FrameCheck {
  private readonly known = new Set<string>();
  private readonly sends: [name: string, check: Check][];
  private readonly replies: Check[];

  constructor(
    readonly door: DoorDescription,
    private readonly rooms: RoomDescription[],
  ) {
    this.sends = Object.entries(door.sends).map(([name, schema]) => [name, checkOf(schema)]);
    this.replies = Object.values(door.replies).map(checkOf);
  }

  /** Whether this text has been found to be right; reads it otherwise. */
  text(text: string, check: () => void): void {
    if (this.known.has(text)) return;
    const before = faults.size;
    check();
    if (faults.size > before || text.length > REMEMBERED_LENGTH) return;
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.add(text);
  }

  /** A frame that says its name. */
  named(name: string, value: unknown): void {
    const check = this.sends.find(([known]) => known === name)?.[1];
    if (!check) return this.fault(name, value, null);
    const error = check(value) ?? (name === this.door.roomFrame ? this.inRoom(value) : null);
    if (error) this.fault(name, value, error);
  }

  /** A frame that is known by what is in it. */
  unnamed(value: unknown): void {
    const index = this.sends.findIndex(([, check]) => check(value) === null);
    if (index < 0) return this.fault('a frame', value, null);
    // The next one is probably of the same kind.
    if (index > 0) this.sends.unshift(...this.sends.splice(index, 1));
  }

  reply(value: unknown): void {
    if (!this.replies.some((check) => check(value) === null)) this.fault('an acknowledgement', value, null);
  }

  /** The thing that an event is about has to be as its room says. */
  private inRoom(value: unknown): z.ZodError | null {
    const { room, type, resource } = value as { room: string; type: string; resource: unknown };
    const told = this.rooms.find(({ pattern }) => matches(pattern, room))?.told ?? {};
    if (Object.keys(told).length === 0 || resource === null) return null;
    const schema = told[type];
    if (!schema) this.fault(`an event of the type ${type} in ${shapeOf(room)}`, value, null);
    return schema?.safeParse(resource).error ?? null;
  }

  private fault(name: string, value: unknown, error: z.ZodError | null): void {
    const issues = error?.issues.map(({ path, code, ...issue }) =>
      [path.join('.'), code, 'keys' in issue ? String(issue.keys) : ''].join(' ').trim(),
    );
    const why = issues ? `: ${issues.join(', ')}` : ', which it does not describe';
    faults.add(`${this.door.name} sent "${name}" with ${describe(value)}${why}`);
  }
}

function checkOf(schema: z.ZodType | null): Check {
  if (!schema) return (value) => (value === undefined ? null : ({ issues: [] } as unknown as z.ZodError));
  return (value) => schema.safeParse(value).error ?? null;
}

function matches(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(name);
}

/** The room without what tells it from others. */
function shapeOf(room: string): string {
  return room.replace(/\/[^/]*\d[^/]*/g, '/…');
}

/** The keys, two levels deep, and the words that say of what kind a frame is. */
function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  const keys = Object.entries(value).map(([key, inner]: [string, unknown]) => {
    if (['type', 'event', 'action'].includes(key) && typeof inner === 'string') return `${key} ${inner}`;
    return typeof inner === 'object' && inner !== null ? `${key} {${Object.keys(inner).join(', ')}}` : key;
  });
  return `{${keys.join(', ')}}`;
}
