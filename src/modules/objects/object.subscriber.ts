import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { currentRequest } from '../../common/request-context.js';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { Channel, channelStreams } from '../channels/index.js';
import { ObjectClass } from './object-class.entity.js';
import { toObjectChange, toObjectView } from './object.view.js';
import { objectPaths, objectStreams } from './objects.streams.js';
import { StoredObject } from './stored-object.entity.js';

const VERBS = { created: 'create', updated: 'update', deleted: 'delete' } as const;
type Verb = (typeof VERBS)[keyof typeof VERBS];

/** Tells the room of the class what happens to an object, and its channel, if it has one, as messages of the channel. */
@Injectable()
export class ObjectSubscriber extends RealtimeSubscriber<StoredObject> {
  readonly entity = StoredObject;

  async describe({ action, entity, before }: Change<StoredObject>, manager: EntityManager): Promise<EventDraft[]> {
    const of = await manager.findOneByOrFail(ObjectClass, { id: entity.classId });
    const told = rowDraft(action, entity, of);
    if (entity.channelId === null) return [told];
    const message = await messageAbout(entity, of, VERBS[action], payloadOf(action, entity, before, of), manager);
    return message ? [told, message] : [told];
  }
}

/** The whole object, because whoever hears of it may have seen nothing of it before. */
function rowDraft(action: Change<StoredObject>['action'], object: StoredObject, of: ObjectClass): EventDraft {
  const stream = objectStreams.class(of.id);
  const path = objectPaths.object(of.name, object.id);
  return { stream, action, type: 'object', path, resource: toObjectView(object, of) };
}

function payloadOf(
  action: Change<StoredObject>['action'],
  object: StoredObject,
  before: StoredObject | null,
  of: ObjectClass,
): JsonObject {
  if (action === 'created') return toObjectView(object, of);
  return action === 'updated' ? toObjectChange(object, before!, of) : { id: object.id };
}

/** A message of the object's channel. Null when the channel has gone meanwhile. */
export async function messageAbout(
  object: StoredObject,
  { name }: ObjectClass,
  verb: Verb,
  payload: JsonObject,
  manager: EntityManager,
): Promise<EventDraft | null> {
  const channel = await manager.findOneBy(Channel, { id: object.channelId! });
  if (!channel) return null;
  const room = channel.type === 'separate_rooms' ? object.channelRoom : null;
  const author = currentRequest()?.author ?? null;
  return {
    stream: channelStreams.channel(channel.id),
    action: verb,
    type: 'object',
    path: objectPaths.object(name, object.id),
    room,
    resource: {
      room,
      action: verb,
      author,
      metadata: { type: 'object', class: name },
      payload,
      id: 0,
      created_at: '',
    },
    numbered: true,
    keepsRules: true,
  };
}
