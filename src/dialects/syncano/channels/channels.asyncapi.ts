import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { payloadObject } from '../../../modules/channels/index.js';
import { DoorDescription } from '../../../realtime/asyncapi/door-description.js';

const KEYS = ['X-API-KEY', 'X-USER-KEY'].map((name) => ({ in: 'header', name }) as const);
const CHANNEL = '/v1.1/instances/{instance}/channels/{channel}';

const message = z
  .strictObject({
    id: z.int().positive().describe('Its number in the channel: the `last_id` of the next poll.'),
    created_at: z.iso.datetime({ precision: 6 }),
    action: z.enum(['custom', 'create', 'update', 'delete']),
    author: z.strictObject({
      api_key: z.int().optional(),
      user: z.int().optional(),
      admin: z.int().optional(),
    }),
    metadata: z
      .strictObject({ type: z.literal('message') })
      .or(z.strictObject({ type: z.literal('object'), class: z.string() })),
    payload: z.record(z.string(), z.unknown()),
  })
  .describe('The next message: what somebody published, or what happened to an object.');

/** Polling in `/asyncapi.json`. */
@Injectable()
export class PollDescription extends DoorDescription {
  readonly name = 'syncano-poll';
  readonly about =
    'Long polling of one channel, under /v1.1: each reply is one message, or 204 when there is none yet.';
  readonly protocol = 'http';
  readonly path = `${CHANNEL}/poll`;
  override readonly credentials = KEYS;
  override readonly query = z.object({
    last_id: z.string().optional().describe('The id of the last message; absent: only what comes from now on.'),
    room: z.string().optional(),
  });
  readonly receives = {};
  readonly sends = { message };
}

/** Publishing under `/v1.1` in `/asyncapi.json`. */
@Injectable()
export class PublishDescription extends DoorDescription {
  readonly name = 'syncano-publish';
  readonly about = 'Publishing to a channel under /v1.1, by POST. What is published arrives at every other door.';
  readonly protocol = 'http';
  readonly path = `${CHANNEL}/publish`;
  override readonly credentials = KEYS;
  readonly receives = {
    publish: z.object({ payload: payloadObject.or(z.string()).optional(), room: z.string().max(128).nullish() }),
  };
  readonly sends = {};
}
