import { Injectable } from '@nestjs/common';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { resourcePath } from './resource-address.js';
import { Resource } from './resource.entity.js';
import { toResourceView } from './resource.view.js';
import { resourceStreams } from './resources.streams.js';

/** Turns changes of documents into events of their own stream and of the list that they are in: one for each step. */
@Injectable()
export class ResourceSubscriber extends RealtimeSubscriber<Resource> {
  readonly entity = Resource;

  describe({ action, entity }: Change<Resource>): EventDraft[] {
    const { workspaceId, memberId, content, changedAt, changes } = entity;
    const streams = [resourceStreams.document(workspaceId, entity), resourceStreams.list(workspaceId, memberId)];
    const path = resourcePath(entity);
    const steps = entity.steps ?? [{ action, content, changedAt, changes, cause: undefined }];
    return steps.flatMap((step) => {
      const resource = toResourceView({ ...entity, content: step.content, changedAt: step.changedAt });
      return streams.map((stream) => ({
        stream,
        action: step.action,
        type: 'resource',
        path,
        resource,
        version: step.changes,
        cause: step.cause,
      }));
    });
  }
}
