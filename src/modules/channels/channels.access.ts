import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { type AccessRule, AccessRuleFor, type Decision, type Thing } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';
import { queryPrepared } from '../../database/query-prepared.js';
import { SharedLookup } from '../../database/shared-lookup.js';
import { Transactions } from '../../database/transactions.js';
import { WorkspacesService } from '../workspaces/index.js';
import { ChannelCallers, isUnrestricted } from './channel-callers.js';
import { type ChannelHold, type ChannelRow, holdChannel, toChannel } from './channel-hold.js';
import { type ChannelCaller, type ChannelLevel, levelOf, reaches } from './channel-level.js';
import { toStoredName } from './channel-name.js';
import { Channel } from './channel.entity.js';
import { channelForbidden, channelNotFound } from './channels.errors.js';

export type ChannelAction = 'read' | 'subscribe' | 'publish' | 'read_all_rooms' | 'update' | 'delete';

export interface ChannelThing extends Thing {
  kind: 'channel';
  workspaceId: number;
  name: string;
}

/** The decision together with the channel that was decided about, so that nobody has to load it again. */
export interface ChannelDecision extends Decision {
  channel: Channel;
  level: ChannelLevel;
  actions: ReadonlySet<ChannelAction>;
}

const FIND = `
  SELECT id, workspace_id, name, type, description, group_id, group_permissions, other_permissions, custom_publish,
         owner_member_id, version, created_at, updated_at
  FROM channels WHERE workspace_id = ANY($1::bigint[]) AND name = ANY($2::text[])`;

type ChannelName = Pick<Channel, 'workspaceId' | 'name'>;

const keyOf = ({ workspaceId, name }: ChannelName): string => `${workspaceId} ${name}`;

/** How to read the channel: with which transaction's eyes, and, when that is given, held against whom until its end. */
export type ChannelReading =
  { manager?: EntityManager; hold?: undefined } | { manager: EntityManager; hold: ChannelHold };

/** Who may do what with one channel. */
@Injectable()
@AccessRuleFor('channel')
export class ChannelAccess implements AccessRule<ChannelThing> {
  private readonly lookup: SharedLookup<ChannelName, Channel | null>;

  constructor(
    @InjectRepository(Channel) private readonly channels: Repository<Channel>,
    private readonly callers: ChannelCallers,
    transactions: Transactions,
  ) {
    this.lookup = new SharedLookup(transactions, (wanted) => this.findAll(wanted));
  }

  async decide(
    identity: Identity,
    { workspaceId, name }: ChannelThing,
    reading: ChannelReading = {},
  ): Promise<ChannelDecision | null> {
    if (workspaceId !== identity.workspaceId) return null;
    const channel = await this.find(workspaceId, name, reading);
    return channel && this.decideAbout(identity, channel, reading.manager);
  }

  /** The decision, when it includes the action. Missing and invisible channels give the same error. */
  async require(
    identity: Identity,
    action: ChannelAction,
    name: string,
    reading: ChannelReading = {},
  ): Promise<ChannelDecision> {
    const thing: ChannelThing = { kind: 'channel', workspaceId: identity.workspaceId, name };
    return allowed(action, await this.decide(identity, thing, reading));
  }

  /** As `require`, for a channel that is at hand; null is one that was not found. */
  async requireOf(
    identity: Identity,
    action: ChannelAction,
    channel: Channel | null,
    manager?: EntityManager,
  ): Promise<ChannelDecision> {
    return allowed(action, channel && (await this.decideAbout(identity, channel, manager)));
  }

  /** The decision about a channel that is at hand; null where there is none, or it takes a question. */
  decideAtOnce(identity: Identity, channel: Channel): ChannelDecision | null {
    const caller = this.callers.known(identity, channel);
    return caller && decision(identity, channel, caller);
  }

  /** The channel itself, whoever asks. */
  async find(workspaceId: number, name: string, { manager, hold }: ChannelReading = {}): Promise<Channel | null> {
    const stored = toStoredName(name);
    if (stored === null) return null;
    if (hold !== undefined) return holdChannel(manager, workspaceId, stored, hold);
    const wanted: ChannelName = { workspaceId, name: stored };
    return manager ? manager.findOneBy(Channel, wanted) : this.lookup.find(wanted);
  }

  private async findAll(wanted: ChannelName[]): Promise<(Channel | null)[]> {
    const workspaceIds = new Set(wanted.map(({ workspaceId }) => workspaceId));
    const names = new Set(wanted.map(({ name }) => name));
    // Perhaps some of another workspace by the same name come with them.
    const rows = await queryPrepared<ChannelRow>(this.channels.manager, FIND, [[...workspaceIds], [...names]]);
    const found = new Map(rows.map(toChannel).map((channel) => [keyOf(channel), channel]));
    return wanted.map((one) => found.get(keyOf(one)) ?? null);
  }

  private async decideAbout(
    identity: Identity,
    channel: Channel,
    manager?: EntityManager,
  ): Promise<ChannelDecision | null> {
    return decision(identity, channel, await this.callers.ofChannel(identity, channel, manager));
  }
}

function decision(identity: Identity, channel: Channel, caller: ChannelCaller): ChannelDecision | null {
  const level = levelOf(caller, channel);
  if (level === 'none') return null;
  const actions = new Set<ChannelAction>(['read', 'subscribe']);
  if (reaches(level, 'publish')) actions.add('publish');
  if (isUnrestricted(identity)) actions.add('read_all_rooms');
  if (identity.administrator) actions.add('update').add('delete');
  if (channel.ownerMemberId !== null && channel.ownerMemberId === identity.memberId) actions.add('delete');
  // Without a room in hand, nobody else hears what is said in the rooms: only what happens to the channel itself.
  const onlyChannelChanges = channel.type === 'separate_rooms' && !actions.has('read_all_rooms');
  return { channel, level, actions, ...(onlyChannelChanges && { sees: (event) => event.room === null }) };
}

function allowed(action: ChannelAction, decision: ChannelDecision | null): ChannelDecision {
  if (decision === null) throw channelNotFound();
  if (!decision.actions.has(action)) throw channelForbidden();
  return decision;
}

export interface ChannelsThing extends Thing {
  kind: 'channels';
  workspaceId: number;
}

/** Who may do what with the channels of a workspace as a whole; which of them they see is said by each channel. */
@Injectable()
@AccessRuleFor('channels')
export class ChannelsAccess implements AccessRule<ChannelsThing> {
  constructor(private readonly workspaces: WorkspacesService) {}

  async decide(identity: Identity, { workspaceId }: ChannelsThing): Promise<Decision | null> {
    if (workspaceId !== identity.workspaceId) return null;
    const actions = new Set(['read']);
    const program = identity.kind === 'api_key' && !identity.ignoreAcl && !identity.allowAnonymousRead;
    if (!program) actions.add('subscribe');
    if (identity.administrator) actions.add('create');
    const isMember = identity.kind === 'member';
    if (isMember && (await this.workspaces.hasMemberChannels(workspaceId))) actions.add('create_own');
    return { actions };
  }
}
