import { Injectable, type Type } from '@nestjs/common';
import { AccessPolicy } from '../access/access-policy.js';
import type { Identity } from '../auth/identity.js';
import { idText } from '../common/ids.js';
import { type OpenRoom, RoomKind, type RoomSource } from '../realtime/room-source.js';
import { definitionOf, type RecordClass, type RecordDefinition, type StoredRow } from './record-definition.js';
import type { RecordThing } from './record.access.js';
import { recordPath, recordStreams } from './record.streams.js';

/** The rooms of records. Each join asks the policy anew. */
export function recordRooms<Row extends StoredRow>(entity: RecordClass<Row>): Type<RoomSource>[] {
  const definition = definitionOf(entity);
  return definition.ownRooms ? [listRoom(definition), ownRoom(definition)] : [listRoom(definition)];
}

/** The room of all records of the workspace: who is in it hears of new ones. */
function listRoom(definition: RecordDefinition): Type<RoomSource> {
  @Injectable()
  @RoomKind(definition.path)
  class RecordListRoom implements RoomSource {
    constructor(private readonly policy: AccessPolicy) {}

    async open(_params: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
      const thing: RecordThing = { kind: definition.type, id: null };
      if (!(await this.policy.can(identity, 'subscribe', thing))) return null;
      return { stream: recordStreams.list(definition, identity.workspaceId) };
    }
  }
  return RecordListRoom;
}

/** The room of one record. */
function ownRoom(definition: RecordDefinition): Type<RoomSource> {
  @Injectable()
  @RoomKind(recordPath(definition, ':id'))
  class RecordRooms implements RoomSource {
    constructor(private readonly policy: AccessPolicy) {}

    async open(params: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
      const id = idText.safeParse(params.id).data;
      if (id === undefined) return null;
      const thing: RecordThing = { kind: definition.type, id };
      const joins = await this.policy.can(identity, 'subscribe', thing);
      return joins ? { stream: recordStreams.record(definition, id) } : null;
    }
  }
  return RecordRooms;
}
