import { Injectable } from '@nestjs/common';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { resourcePath } from './resource-address.js';
import { Resource } from './resource.entity.js';
import { toResourceView } from './resource.view.js';
import { resourceStreams } from './resources.streams.js';

/** Turns changes of documents into events of their own stream and of the list that they are in. */
@Injectable()
export class ResourceSubscriber extends RealtimeSubscriber<Resource> {
  readonly entity = Resource;

  describe({ action, entity }: Change<Resource>): EventDraft[] {
    const { workspaceId, memberId } = entity;
    const told = { action, type: 'resource', path: resourcePath(entity), resource: toResourceView(entity) };
    const own = resourceStreams.document(workspaceId, entity);
    return [own, resourceStreams.list(workspaceId, memberId)].map((stream) => ({ stream, ...told }));
  }
}
