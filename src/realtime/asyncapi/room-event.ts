import { z } from 'zod';

/** An event as the rooms of the core tell it, over every door that has them. */
export function roomEvent<Resource extends z.ZodType>(resource: Resource, type: z.ZodType<string> = z.string()) {
  return z.strictObject({
    action: z.string().describe('What happened: created, updated, deleted, or a word of the feature.'),
    room: z.string().describe('The room, as it was joined.'),
    type: type.describe('The kind of thing, singular.'),
    path: z.string().nullable().describe('Where the thing lives.'),
    resource: resource.nullable().describe('Its public view after the change, the same as REST gives.'),
    id: z.int().positive().describe('The number of the event in its stream: the position to resume after.'),
    created_at: z.iso.datetime(),
  });
}

/** The same where it is not known what the room tells of. */
export const anyRoomEvent = roomEvent(z.record(z.string(), z.unknown()));
