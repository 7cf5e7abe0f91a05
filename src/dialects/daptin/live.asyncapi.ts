import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DoorDescription, type Frames } from '../../realtime/asyncapi/door-description.js';
import { envelope, requestId } from './live.requests.js';

const system = { MessageSource: z.literal('system') };
const id = requestId.optional().describe('That of the request, where it had one.');
/** Only for who has asked for it, by `last_id`. */
const position = z.int().optional().describe('Where the event stands, for who subscribed with `last_id`.');

const answer = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.strictObject({ ...system, EventType: z.literal(type), ObjectType: z.string(), EventData: data, id });

const row = z
  .looseObject({
    __type: z.string(),
    reference_id: z.uuid(),
    version: z.unknown().describe('How often the row has been written; or the `version` that REST shows of it.'),
    created_at: z.iso.datetime().nullable(),
    updated_at: z.iso.datetime().nullable(),
    path: z.unknown().describe('The address of the row; or the `path` that REST shows of it.'),
    id: z.never().optional(),
  })
  .describe('The whole row after the change, flat: what REST shows of it.')
  .meta({ id: 'LiveRow' });
const goneRow = z.strictObject({ __type: z.string(), reference_id: z.uuid() }).meta({ id: 'GoneLiveRow' });

const event = <Type extends string, Data extends z.ZodType>(source: z.ZodType, type: Type, data: Data) =>
  z.strictObject({
    MessageSource: source,
    EventType: z.literal(type),
    ObjectType: z.string(),
    EventData: data,
    position,
  });
const database = z.literal('database');

const frames: Frames = {
  create: event(database, 'create', row),
  update: event(database, 'update', row),
  delete: event(database, 'delete', goneRow),
  'new-message': event(
    z.uuid().or(z.literal('system')),
    'new-message',
    z.record(z.string(), z.unknown()).describe('The message, exactly as it was sent.'),
  ),
  subscribed: answer(
    'subscribed',
    z.strictObject({
      topic: z.string(),
      alreadySubscribed: z.literal(true).optional(),
      position: z.int().optional(),
      epoch: z.string().optional(),
    }),
  ).describe('The subscription is live: nothing that happens from now on is missed.'),
  unsubscribed: answer('unsubscribed', z.strictObject({ topic: z.string() })),
  response: answer(
    'response',
    z.strictObject({ topics: z.array(z.string()) }).or(
      z.strictObject({
        topicName: z.string(),
        created: z.literal(true).optional(),
        destroyed: z.literal(true).optional(),
        published: z.literal(true).optional(),
      }),
    ),
  ),
  error: answer('error', z.strictObject({ error: z.string() })).describe('`ObjectType` is the method.'),
  resync: z
    .strictObject({
      ...system,
      EventType: z.literal('resync'),
      ObjectType: z.string(),
      EventData: z.strictObject({ topic: z.string(), position: z.int(), epoch: z.string() }),
    })
    .describe('The log does not reach back so far: read the state again.'),
  pong: z.strictObject({
    type: z.literal('pong'),
    ...system,
    EventType: z.literal('pong'),
    ObjectType: z.literal('ping'),
    id,
  }),
  unauthorized: z
    .strictObject({ message: z.literal('unauthorized') })
    .describe('The only frame, without a good token.'),
};

/** The Daptin door in `/asyncapi.json`. */
@Injectable()
export class LiveDescription extends DoorDescription {
  readonly name = 'daptin';
  readonly about = 'Topics: the rows of tables as they change, and channels in which members publish to each other.';
  readonly protocol = 'ws';
  readonly path = '/live';
  override readonly credentials = [
    { in: 'header', name: 'Authorization' } as const,
    { in: 'query', name: 'token' } as const,
    { in: 'header', name: 'cookie' } as const,
  ];
  readonly receives = { request: envelope.describe('What each method takes: docs/dialects/daptin.md.') };
  readonly sends = frames;
}
