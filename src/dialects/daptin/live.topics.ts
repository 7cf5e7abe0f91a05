import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { DomainError } from '../../common/domain-error.js';
import type { JsonValue } from '../../common/json.js';
import {
  type Channel,
  ChannelAccess,
  ChannelListService,
  ChannelsService,
  roomName,
  wideChannelName,
} from '../../modules/channels/index.js';
import { TopicDirectory } from '../../realtime/topics/topic-directory.js';
import type { FoundTopic } from './live.plans.js';
import { refusals } from './live.refusal.js';

/** What clients of this protocol call tables that have other names here. */
const ALIASES = new Map([['user_account', 'members']]);
const PAGE = 1_000;

/** All topics of a workspace: those of the tables, and the channels; a name that is both is the table's. */
@Injectable()
export class LiveTopics {
  constructor(
    private readonly tables: TopicDirectory,
    private readonly channels: ChannelsService,
    private readonly access: ChannelAccess,
    private readonly lists: ChannelListService,
  ) {}

  /** Whether or not the member may follow it. Names are the same in upper and lower case. */
  async find(member: MemberIdentity, name: string): Promise<FoundTopic | null> {
    const rows = await this.tables.find(tableOf(name), member);
    if (rows) return { rows };
    const channel = await this.access.find(member.workspaceId, name);
    return channel ? { channel, room: null } : this.findRoom(member, name);
  }

  /** Those that the member may follow. */
  async names(member: MemberIdentity): Promise<string[]> {
    const tables = new Set(await this.tables.names(member));
    const aliases = [...ALIASES].filter(([, table]) => tables.has(table)).map(([alias]) => alias);
    const channels: string[] = [];
    let after: number | undefined;
    do {
      const visible = await this.lists.visible(member, { limit: PAGE, after });
      channels.push(...visible.slice(0, PAGE).map(({ name }) => name));
      after = visible.length > PAGE ? visible[PAGE - 1]!.id : undefined;
    } while (after !== undefined);
    return [...new Set([...tables, ...aliases, ...channels])];
  }

  async create(member: MemberIdentity, name: JsonValue | undefined): Promise<string> {
    if (typeof name !== 'string') throw refusals.noName();
    if (await this.tables.isTaken(tableOf(name), member)) throw refusals.reserved();
    const stored = wideChannelName.safeParse(name).data;
    if (stored === undefined) throw refusals.badName();
    try {
      await this.channels.createOwn(member, stored);
    } catch (error) {
      throw isDomainError(error, 'conflict') ? refusals.exists() : denied(error);
    }
    return name;
  }

  async destroy(member: MemberIdentity, name: JsonValue | undefined): Promise<string> {
    if (typeof name !== 'string') throw refusals.noName();
    if (await this.tables.isTaken(tableOf(name), member)) throw refusals.system();
    const channel = await this.access.find(member.workspaceId, name);
    if (!channel) throw refusals.unknown();
    try {
      await this.channels.delete(member, channel.name);
    } catch (error) {
      throw denied(error);
    }
    return name;
  }

  /** A channel with separate rooms is a topic for each of them. No such channel has a slash in its name. */
  private async findRoom(member: MemberIdentity, name: string): Promise<FoundTopic | null> {
    const slash = name.indexOf('/');
    if (slash < 0) return null;
    const channel: Channel | null = await this.access.find(member.workspaceId, name.slice(0, slash));
    const room = roomName.safeParse(name.slice(slash + 1)).data;
    return channel?.type === 'separate_rooms' && room !== undefined ? { channel, room } : null;
  }
}

function tableOf(name: string): string {
  const lower = name.toLowerCase();
  return ALIASES.get(lower) ?? lower;
}

function denied(error: unknown): unknown {
  return isDomainError(error, 'forbidden') || isDomainError(error, 'not_found') ? refusals.denied() : error;
}

function isDomainError(error: unknown, kind: DomainError['kind']): boolean {
  return error instanceof DomainError && error.kind === kind;
}
