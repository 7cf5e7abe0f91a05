import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { GroupMemberships } from '../groups/index.js';
import { type ChannelCaller, type ChannelPermissions, reaches } from './channel-level.js';

const NO_GROUPS: ReadonlySet<number> = new Set();
const UNRESTRICTED: ChannelCaller = { atLeast: 'publish', atMost: 'publish', groupIds: NO_GROUPS };
const READER: ChannelCaller = { atLeast: 'subscribe', atMost: 'subscribe', groupIds: NO_GROUPS };
const ANONYMOUS: ChannelCaller = { atLeast: 'none', atMost: 'subscribe', groupIds: NO_GROUPS };
const SHUT_OUT: ChannelCaller = { atLeast: 'none', atMost: 'none', groupIds: NO_GROUPS };
const IN_NO_GROUP: ChannelCaller = { atLeast: 'none', atMost: 'publish', groupIds: NO_GROUPS };

/** Administrators, accounts, and keys without permission checks: every channel and all of its rooms. */
export function isUnrestricted(identity: Identity): boolean {
  switch (identity.kind) {
    case 'member':
      return identity.administrator || identity.ignoreAcl === true;
    case 'api_key':
      return identity.ignoreAcl;
    case 'account':
      return true;
  }
}

/** Says what an identity brings along when a channel decides about it. */
@Injectable()
export class ChannelCallers {
  constructor(private readonly groups: GroupMemberships) {}

  async of(identity: Identity, manager?: EntityManager): Promise<ChannelCaller> {
    const known = withoutGroups(identity);
    if (known || identity.memberId === null) return known ?? SHUT_OUT;
    const groupIds = new Set(await this.groups.groupIdsOf(identity.memberId, manager));
    return { ...IN_NO_GROUP, groupIds };
  }

  /** The same for one channel; where its group may do no more than everybody, the question about groups is spared. */
  async ofChannel(identity: Identity, channel: ChannelPermissions, manager?: EntityManager): Promise<ChannelCaller> {
    return this.known(identity, channel) ?? this.of(identity, manager);
  }

  /** The same where nothing needs to be asked, else null. */
  known(identity: Identity, channel: ChannelPermissions): ChannelCaller | null {
    const groupMatters = channel.groupId !== null && !reaches(channel.otherPermissions, channel.groupPermissions);
    return withoutGroups(identity) ?? (groupMatters ? null : IN_NO_GROUP);
  }
}

/** Those for whom groups do not count; null for a member like others. */
function withoutGroups(identity: Identity): ChannelCaller | null {
  if (identity.kind === 'account') return identity.administrator ? UNRESTRICTED : READER;
  if (isUnrestricted(identity)) return UNRESTRICTED;
  if (identity.kind === 'api_key') return identity.allowAnonymousRead ? ANONYMOUS : SHUT_OUT;
  return null;
}
