import type { z } from 'zod';

/** By the type of the event: the public view of the thing that it is about. */
export type Told = Record<string, z.ZodType>;

/**
 * What a feature tells in which rooms, for `/asyncapi.json`, in `<feature>.news.ts`: being a provider is enough to be found.
 * The tests hold the rooms to it: an event that nobody has announced for its room fails them. Rooms of which nothing is said
 * may tell anything.
 */
export abstract class RoomNews {
  /** Who feeds the rooms: the things whose changes are told, in the plural. */
  abstract readonly from: string;
  /** By the pattern of the rooms, as in `@RoomKind`. */
  abstract readonly rooms: Record<string, Told>;
}
