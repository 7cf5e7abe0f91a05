import { Injectable, type Type } from '@nestjs/common';
import { AccessPolicy } from '../../access/access-policy.js';
import type { Identity } from '../../auth/identity.js';
import { idText } from '../../common/ids.js';
import { type OpenRoom, RoomKind, type RoomSource } from '../../realtime/room-source.js';
import { addressOfRoom, type ResourceAddress, resourceRooms } from './resource-address.js';
import type { ResourceThing } from './resources.access.js';
import { resourceListRooms, resourceStreams } from './resources.streams.js';

type Params = Record<string, string>;

/** The rooms of documents and of their lists. Each join asks the policy anew. */
export const RESOURCE_ROOMS: Type<RoomSource>[] = [
  documentRooms(resourceRooms.key, addressOfRoom.key),
  documentRooms(resourceRooms.publicCollection, addressOfRoom.collection),
  documentRooms(resourceRooms.privateCollection, addressOfRoom.collection),
  documentRooms(resourceRooms.liveConfig, addressOfRoom.liveConfig),
  listRooms(resourceListRooms.shared, () => null),
  listRooms(resourceListRooms.own, ({ id }) => idText.safeParse(id).data),
];

/** The room of one document, which may be entered before there is one and stays when it goes. */
function documentRooms(pattern: string, addressOf: (params: Params) => ResourceAddress | null): Type<RoomSource> {
  @Injectable()
  @RoomKind(pattern)
  class DocumentRooms implements RoomSource {
    constructor(private readonly policy: AccessPolicy) {}

    async open(params: Params, identity: Identity): Promise<OpenRoom | null> {
      const address = addressOf(params);
      if (!address || !(await maySubscribe(this.policy, identity, address))) return null;
      return { stream: resourceStreams.document(identity.workspaceId, address) };
    }
  }
  return DocumentRooms;
}

/** The room of all documents of one reader: of a member's own, or of those that everybody may read. */
function listRooms(pattern: string, memberOf: (params: Params) => number | null | undefined): Type<RoomSource> {
  @Injectable()
  @RoomKind(pattern)
  class ListRooms implements RoomSource {
    constructor(private readonly policy: AccessPolicy) {}

    async open(params: Params, identity: Identity): Promise<OpenRoom | null> {
      const memberId = memberOf(params);
      if (memberId === undefined || !(await maySubscribe(this.policy, identity, { kind: 'list', memberId })))
        return null;
      return { stream: resourceStreams.list(identity.workspaceId, memberId) };
    }
  }
  return ListRooms;
}

function maySubscribe(policy: AccessPolicy, identity: Identity, of: ResourceThing['of']): Promise<boolean> {
  const thing: ResourceThing = { kind: 'resource', of };
  return policy.can(identity, 'subscribe', thing);
}
