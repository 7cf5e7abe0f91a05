import type { z } from 'zod';

/** By the name of the frame: the schema of what it says. Null: it says nothing but its name. */
export type Frames = Record<string, z.ZodType | null>;

/** Where a client puts its credential when it opens the connection. */
export interface Credential {
  in: 'header' | 'query';
  name: string;
}

/**
 * A door as `/asyncapi.json` describes it, in `<door>.asyncapi.ts`: being a provider is enough to be found. The tests hold
 * the door to it: what leaves the server and fits none of `sends` and `replies` fails them.
 */
export abstract class DoorDescription {
  /** Of letters, digits and `-`. */
  abstract readonly name: string;
  abstract readonly about: string;
  /** `ws`: each text frame is one JSON value. `http`: each reply with the status 200 is one. */
  abstract readonly protocol: 'ws' | 'socket.io' | 'sse' | 'http';
  /** With `{name}` for a segment that differs. */
  abstract readonly path: string;
  /** What clients send: the schemas that read it. */
  abstract readonly receives: Frames;
  /** What the server sends. */
  abstract readonly sends: Frames;
  /** What some frames are acknowledged with, by the name of the frame. */
  readonly replies: Frames = {};
  /** The query that opens the connection. */
  readonly query: z.ZodObject | null = null;
  readonly credentials: Credential[] = [];
  /** The frame in which the events of rooms come, see `roomEvent`; null where clients join no rooms by their names. */
  readonly roomFrame: string | null = null;
}
