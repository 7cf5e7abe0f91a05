import { Injectable } from '@nestjs/common';
import type { VisibleEvent } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';
import { isTopicMessage } from '../../realtime/topics/topic-message.js';
import { type OpenRoom, RoomKind, type RoomSource } from '../../realtime/room-source.js';
import type { ObjectCaller } from './class-level.js';
import { ClassAccess } from './classes.access.js';
import { type ObjectLevel, objectLevelOf } from './object-level.js';
import { objectStreams } from './objects.streams.js';

/** The room of a class: what happens to its objects, to each member as far as they may read the object. */
@Injectable()
@RoomKind('/classes/:name')
export class ClassRooms implements RoomSource {
  constructor(private readonly access: ClassAccess) {}

  async open({ name }: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
    const decision = await this.access.decide(identity, {
      kind: 'class',
      workspaceId: identity.workspaceId,
      name: name!,
    });
    if (!decision) return null;
    const { caller, of } = decision;
    return { stream: objectStreams.class(of.id), sees: (event) => seesObject(caller, event) };
  }
}

/**
 * What is said to the class is for all in its room. An object is judged by the permissions that it had when it was told, for a
 * deleted one those of just before.
 */
function seesObject(caller: ObjectCaller, event: VisibleEvent): boolean {
  if (isTopicMessage(event)) return true;
  const { resource } = event;
  if (resource === null) return false;
  return (
    objectLevelOf(caller, {
      ownerId: resource.owner as number | null,
      ownerPermissions: resource.owner_permissions as ObjectLevel,
      groupId: resource.group as number | null,
      groupPermissions: resource.group_permissions as ObjectLevel,
      otherPermissions: resource.other_permissions as ObjectLevel,
    }) !== 'none'
  );
}
