import { z } from 'zod';
import { MAX_ASKED } from '../../realtime/presence/presence.schemas.js';

const seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const position = z.object({ seq, epoch: z.string().optional() });

/** `last_id` is the `id` of the last event seen; `position` and `epoch` are those of a list or an earlier join. */
export const joinRequest = z.object({
  name: z.string().min(1),
  token: z.unknown().optional(),
  last_id: seq.or(position).nullish(),
  position: seq.or(position).nullish(),
  epoch: z.string().nullish(),
});

export const leaveRequest = z.object({ name: z.string().min(1) });

export const eventRequest = z.object({
  name: z.string().min(1),
  token: z.unknown().optional(),
  data: z.unknown().optional(),
});

/** Members by their ids: numbers, or texts with a number. */
export const presenceRequest = z.object({ data: z.array(z.string().or(z.number())).max(MAX_ASKED) });

/** What a client may send (docs/dialects/socket-io.md), by the name of the event; anything else is not even looked at. */
export const requests = {
  authenticate: z.object({ token: z.string() }).describe('An access token.'),
  'realtime:join': joinRequest,
  'realtime:leave': leaveRequest,
  'realtime:event': eventRequest.describe('To everybody in the room right now; stored nowhere.'),
  'online:get': presenceRequest.describe('Who of these members is online?'),
  'online:set': z.unknown().describe('Changes nothing: a member is online by being connected.'),
};
