import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { type OpenRoom, RoomKind, type RoomSource } from '../room-source.js';
import { Presence } from './presence.js';
import { presenceRooms } from './presence-news.js';

/** The room in which a workspace hears who of its members comes and goes; open to all of them. No stream feeds it. */
@Injectable()
@RoomKind('/users/online/:workspace')
export class PresenceRooms implements RoomSource {
  constructor(private readonly presence: Presence) {}

  open({ room_name }: Record<string, string>, { workspaceId }: Identity): Promise<OpenRoom | null> {
    this.presence.tellNow();
    return Promise.resolve(presenceRooms(workspaceId).includes(room_name!) ? { stream: null } : null);
  }
}

/** The same without the number, for a client that does not know the number of its workspace. */
@Injectable()
@RoomKind('/users/online')
export class OwnPresenceRooms extends PresenceRooms {}
