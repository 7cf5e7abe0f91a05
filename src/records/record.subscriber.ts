import { Injectable, type Type } from '@nestjs/common';
import { accessChanged } from '../events/access-changes.js';
import type { EventDraft } from '../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../events/realtime.subscriber.js';
import { definitionOf, type RecordClass, type StoredRow } from './record-definition.js';
import { recordPath, recordStreams } from './record.streams.js';
import { viewOf } from './record.view.js';

/** Nobody is named, and no request whose log line would name somebody. */
const NOBODY = { author: null, requestId: null };

/** Turns changes of records into events of their streams, in the writer's transaction. A record that goes closes its room. */
export function recordSubscriber<Row extends StoredRow>(entity: RecordClass<Row>): Type<RealtimeSubscriber<Row>> {
  const definition = definitionOf(entity);
  const { type, ownRooms, anonymous } = definition;

  @Injectable()
  class RecordSubscriber extends RealtimeSubscriber<Row> {
    readonly entity = entity;

    describe({ action, entity: row }: Change<Row>): EventDraft[] {
      const list = recordStreams.list(definition, row.workspaceId);
      const own = recordStreams.record(definition, row.id);
      const path = recordPath(definition, row.id);
      const told = { action, type, path, resource: viewOf(row), cause: anonymous ? NOBODY : undefined };
      if (!ownRooms) return [{ stream: list, ...told }];
      const drafts = [list, own].map((stream) => ({ stream, ...told }));
      return action === 'deleted' ? [...drafts, accessChanged({ streams: [own] })] : drafts;
    }
  }
  return RecordSubscriber;
}
