import { z } from 'zod';
import { anyRoomEvent } from '../../realtime/asyncapi/room-event.js';

const name = z.string().describe('Which request is meant: the name of its room, as it was sent.');
const refused = {
  name: name.nullable(),
  error: z.string().describe('The same text as `message`.'),
  message: z.string(),
  code: z.string(),
};
const retryAfter = z.int().describe('Seconds after which the same may be sent again.');

/** Why a token was refused, as its verifier says it. */
const tokenFault = z.strictObject({
  name: z.string(),
  message: z.string(),
  expiredAt: z.iso.datetime().optional(),
  date: z.iso.datetime().optional(),
});

/** Members who came or went: no event of the log, so it has no number. */
const presence = z.strictObject({
  action: z.literal('event'),
  room: z.string(),
  type: z.literal('user:online'),
  path: z.null(),
  resource: z.strictObject({
    online: z.array(z.strictObject({ company_id: z.int(), user_id: z.int(), is_online: z.boolean() })),
  }),
});

/** What the Socket.IO door says (docs/dialects/socket-io.md), by the name of the event; null: it has no payload. */
export const sentEvents = {
  authenticated: null,
  unauthorized: z.strictObject({ err: z.string().or(tokenFault) }).describe('The token is refused; the socket closes.'),
  'realtime:join:success': z
    .strictObject({ name, position: z.int(), epoch: z.string(), resync: z.literal(true).optional() })
    .describe('The room is joined; what is committed after `position` follows.'),
  'realtime:join:error': z
    .strictObject({ ...refused, retry_after: retryAfter.optional() })
    .describe('The room is refused, or has been lost.'),
  'realtime:leave:success': z.strictObject({ name }),
  'realtime:leave:error': z.strictObject(refused),
  'realtime:resource': anyRoomEvent.or(presence).describe('Something has committed, or members came or went.'),
  'realtime:event': z.strictObject({ name, data: z.unknown() }).describe('Something ephemeral, such as typing.'),
  'realtime:event:error': z.strictObject({
    ...refused,
    code: refused.code.optional(),
    retry_after: retryAfter.optional(),
  }),
  'realtime:restart': null,
  'realtime:unavailable': z.strictObject({ code: z.string(), message: z.string(), retry_after: retryAfter }),
};

const failure = z.strictObject({
  error: z.string(),
  message: z.string(),
  code: z.string(),
  retry_after: retryAfter.optional(),
});

/** What requests about presence are acknowledged with; null: perhaps with nothing. */
export const acknowledgements = {
  'online:get': z.strictObject({ data: z.array(z.tuple([z.string().or(z.number()), z.boolean()])) }).or(failure),
  'online:set': failure.optional().describe('Nothing, unless it is refused.'),
};
