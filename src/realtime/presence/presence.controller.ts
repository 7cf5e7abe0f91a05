import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Presence } from './presence.js';
import {
  type PresenceQuery,
  presenceQuerySchema,
  type PresenceReply,
  presenceReplySchema,
} from './presence.schemas.js';

/** Tells who of the caller's workspace is online: everybody who is, page by page, or what is known of certain members. */
@ApiTags('realtime')
@Controller('api/presence')
export class PresenceController {
  constructor(private readonly presence: Presence) {}

  @Get()
  @ApiOkResponse({ standardSchema: presenceReplySchema })
  list(
    @CurrentIdentity() { workspaceId }: Identity,
    @Query({ schema: presenceQuerySchema }) { member_ids, limit, after = 0 }: PresenceQuery,
  ): PresenceReply {
    if (member_ids) return { online: this.known(workspaceId, member_ids), has_next_page: false };
    const later = [...this.presence.online(workspaceId)].filter((id) => id > after).sort((one, other) => one - other);
    const page = later.slice(0, limit).map((id) => ({ member_id: id, is_online: true }));
    return { online: page, has_next_page: later.length > limit };
  }

  /** Those who were not seen lately are left out, and so is everybody of another workspace. */
  private known(workspaceId: number, ids: number[]): PresenceReply['online'] {
    return ids.flatMap((id) => {
      const online = this.presence.status(workspaceId, id);
      return online === null ? [] : [{ member_id: id, is_online: online }];
    });
  }
}
