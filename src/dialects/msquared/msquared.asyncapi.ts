import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CONTEXT_HEADERS } from '../../modules/resources/index.js';
import { DoorDescription, type Frames } from '../../realtime/asyncapi/door-description.js';
import { COMPLAINTS } from './msquared.frames.js';
import { message, named } from './msquared.messages.js';

const requestId = z.string().optional().describe('As in the message that it answers.');

const collection = z
  .strictObject({
    userId: z.string(),
    datasourceId: z.string(),
    userCollection: z.array(
      z.strictObject({
        objectDefinitionId: z.string(),
        balance: z.int(),
        data: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  })
  .meta({ id: 'UserCollection' });

const update = <Type extends z.infer<typeof named>['type']>(type: Type, data: z.ZodType) =>
  z.strictObject({
    userId: z.string(),
    resource: z.strictObject({ type: z.literal(type), id: z.string() }),
    data: data.nullable().describe('Null when the resource has gone.'),
    version: z.iso.datetime(),
    requestId,
  });

const frames: Frames = {
  kvStore: update('kvStore', z.strictObject({ key: z.string(), data: z.unknown() })),
  collection: update('collection', collection),
  liveConfig: update('liveConfig', z.record(z.string(), z.unknown())),
  warning: z
    .strictObject({ warning: z.literal('resource_not_found'), message: z.string(), requestId })
    .describe('The subscription is made, the resource is not.'),
  error: z.strictObject({ error: z.enum(COMPLAINTS), requestId }),
};

/** The door of resources in `/asyncapi.json`. */
@Injectable()
export class MsquaredDescription extends DoorDescription {
  readonly name = 'msquared';
  readonly about =
    'Resources as MSquared’s realtime service tells them; headers may stand in the sub-protocol, in base58.';
  readonly protocol = 'ws';
  readonly path = '/api/realtime';
  override readonly credentials = ['authorization', ...Object.values(CONTEXT_HEADERS).map(([name]) => name)].map(
    (name) => ({ in: 'header' as const, name }),
  );
  readonly receives = { message: message.extend({ requestId }) };
  readonly sends = frames;
}
