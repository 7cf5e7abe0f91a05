import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DoorDescription } from '../asyncapi/door-description.js';
import { anyRoomEvent } from '../asyncapi/room-event.js';
import { eventStreamQuery } from './event-stream.schemas.js';

const position = { room: z.string(), position: z.int() };
const online = z.array(z.strictObject({ member_id: z.int(), online: z.boolean() }));

/** Server-sent events in `/asyncapi.json`: by the `event` of each, its `data`; `message` is what has no `event`. */
@Injectable()
export class EventStreamDescription extends DoorDescription {
  readonly name = 'server-sent-events';
  readonly about = 'The rooms of the core as one long response, for clients that have HTTP and nothing else.';
  readonly protocol = 'sse';
  readonly path = '/api/events';
  override readonly query = eventStreamQuery;
  override readonly credentials = [
    { in: 'header', name: 'Authorization' } as const,
    { in: 'query', name: 'access_token' } as const,
  ];
  override readonly roomFrame = 'message';
  readonly receives = {};
  readonly sends = {
    ready: z
      .strictObject({ rooms: z.array(z.strictObject({ ...position, resync: z.boolean() })), epoch: z.string() })
      .describe('Once, before everything else.'),
    message: anyRoomEvent.describe('Something has committed.'),
    signal: z.strictObject({ room: z.string(), data: z.unknown() }).describe('Something ephemeral, such as typing.'),
    presence: z.strictObject({ room: z.string(), online }).describe('Members have come online or gone.'),
    revoked: z.strictObject({ room: z.string() }).describe('No longer yours; nothing more comes from it.'),
    resync: z
      .strictObject({ ...position, epoch: z.string() })
      .describe('The log does not reach back so far: read the state again.'),
  };
}
