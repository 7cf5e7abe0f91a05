import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DoorDescription, type Frames } from '../../realtime/asyncapi/door-description.js';
import { command } from './cable.commands.js';
import { DISCONNECTS } from './cable.frames.js';
import { queueMessages } from './cable.messages.js';

const identifier = z.string().describe('Names the subscription: a text with JSON in it, as the client sent it.');
const about = <Type extends string>(type: Type) => z.strictObject({ identifier, type: z.literal(type) });

/** Only in the extended protocol: where the client stands afterwards. */
const position = { stream_id: z.string().optional(), epoch: z.string().optional(), offset: z.int().optional() };

const events = Object.entries(queueMessages).map(([event, payload]): [string, z.ZodType] => [
  event,
  z.strictObject({ identifier, message: payload.extend({ event: z.literal(event) }), ...position }),
]);

const frames: Frames = {
  welcome: z
    .strictObject({
      type: z.literal('welcome'),
      sid: z.string(),
      restored: z.literal(true).optional(),
      restored_ids: z.array(z.string()).optional(),
    })
    .describe('First of all, when the token is good.'),
  ping: z.strictObject({ type: z.literal('ping'), message: z.int() }).describe('With the time in seconds since 1970.'),
  confirm_subscription: about('confirm_subscription'),
  reject_subscription: about('reject_subscription').describe('It may not be, or may be no longer.'),
  confirm_history: about('confirm_history'),
  reject_history: about('reject_history').describe('The log does not reach back so far: read the state again.'),
  disconnect: z
    .strictObject({
      type: z.literal('disconnect'),
      reason: z.enum(Object.keys(DISCONNECTS)),
      reconnect: z.boolean(),
    })
    .describe('The last frame, and whether to come back.'),
  ...Object.fromEntries(events),
};

/** The ActionCable door in `/asyncapi.json`: of the events of the queues, each by its name. */
@Injectable()
export class CableDescription extends DoorDescription {
  readonly name = 'actioncable';
  readonly about = 'Chat and notifications over ActionCable, in the base protocol and in the extended one of AnyCable.';
  readonly protocol = 'ws';
  readonly path = '/cable';
  override readonly credentials = [
    { in: 'header', name: 'Authorization' } as const,
    { in: 'query', name: 'token' } as const,
    { in: 'query', name: 'jid' } as const,
    { in: 'header', name: 'x-jid' } as const,
  ];
  readonly receives = { command: command.describe('`history` is of the extended protocol.') };
  readonly sends = frames;
}
