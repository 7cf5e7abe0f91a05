import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { type IdPage, type NamedStretch, toPage } from '../../common/paging.js';
import { Transactions } from '../../database/transactions.js';
import type { DomainEvent } from '../../events/domain-event.js';
import { EventLog } from '../../events/event-log.js';
import { ChannelCallers } from './channel-callers.js';
import { type ChannelCaller, type ChannelPermissions, levelOf } from './channel-level.js';
import { Channel } from './channel.entity.js';
import { type ChannelView, permissionsIn, toChannelView } from './channel.view.js';
import type { ChannelPage } from './channels.schemas.js';
import { channelStreams } from './channels.streams.js';

/** All channels of a workspace as they were when their stream stood at `seq`. */
export interface ChannelList {
  seq: number;
  channels: ReadonlyMap<number, ChannelPermissions>;
}

/** The channels of a workspace: a page of them for a reader, and who sees which for the room that tells their changes. */
@Injectable()
export class ChannelListService {
  private readonly latest = new Map<number, ChannelList>();

  constructor(
    private readonly transactions: Transactions,
    private readonly log: EventLog,
    private readonly callers: ChannelCallers,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  /** The channels that the identity may at least subscribe to, in the order of their ids. */
  async page(identity: Identity, { limit, after }: IdPage): Promise<ChannelPage> {
    return this.transactions.snapshot(async (manager) => {
      const rows = await this.visible(identity, { limit, after }, manager);
      const { seq, epoch } = await this.log.head(channelStreams.list(identity.workspaceId), manager);
      return { ...toPage(rows, limit, toChannelView), position: seq, epoch };
    });
  }

  /** The same rows, in either direction; up to one more than the limit. */
  async visible(identity: Identity, stretch: NamedStretch, manager?: EntityManager): Promise<Channel[]> {
    const { limit, after = 0, before, newestFirst = false, nameStart } = stretch;
    const caller = await this.callers.of(identity, manager);
    const query = visibleChannels(manager ?? this.dataSource.manager, identity.workspaceId, caller)
      .andWhere('channel.id > :after', { after })
      .orderBy('channel.id', newestFirst ? 'DESC' : 'ASC')
      .limit(limit + 1);
    if (before !== undefined) query.andWhere('channel.id < :before', { before });
    if (nameStart !== undefined) query.andWhere('starts_with(channel.name, :nameStart)', { nameStart });
    return query.getMany();
  }

  /** All of them as they are now. Every change has its event, so a list is good for as long as the stream stands still. */
  async current(workspaceId: number): Promise<ChannelList> {
    const stream = channelStreams.list(workspaceId);
    const seq = (await this.log.heads([stream])).get(stream) ?? 0;
    const known = this.latest.get(workspaceId);
    return known?.seq === seq ? known : this.load(workspaceId, stream);
  }

  private async load(workspaceId: number, stream: string): Promise<ChannelList> {
    const loaded = await this.transactions.snapshot(async (manager) => {
      const rows = await manager.find(Channel, {
        select: { id: true, groupId: true, groupPermissions: true, otherPermissions: true },
        where: { workspaceId },
      });
      const seq = (await this.log.heads([stream], manager)).get(stream) ?? 0;
      return { seq, channels: new Map(rows.map((row) => [row.id, row])) };
    });
    const known = this.latest.get(workspaceId);
    // Sessions keep the list that they were given: one copy for all of them.
    if (known?.seq === loaded.seq) return known;
    if (known === undefined || known.seq < loaded.seq) this.latest.set(workspaceId, loaded);
    return loaded;
  }
}

/** The SQL twin of `levelOf(caller, channel) !== 'none'`. */
function visibleChannels(manager: EntityManager, workspaceId: number, { atLeast, atMost, groupIds }: ChannelCaller) {
  const query = manager
    .createQueryBuilder(Channel, 'channel')
    .where('channel.workspaceId = :workspaceId', { workspaceId });
  if (atMost === 'none') return query.andWhere('false');
  if (atLeast !== 'none') return query;
  return query.andWhere(
    `(channel.otherPermissions <> 'none'
      OR (channel.groupPermissions <> 'none' AND channel.groupId = ANY(:groupIds)))`,
    { groupIds: [...groupIds] },
  );
}

/**
 * Whether somebody hears this event of the stream of all channels. What happened before the list was read is told only
 * as far as it still holds: nothing of a channel that is out of sight by now, and no end of one that is in sight. What
 * happens afterwards speaks for itself, because whatever hides a channel makes every session ask again first.
 */
export function hears(
  caller: ChannelCaller,
  list: ChannelList,
  event: Pick<DomainEvent, 'seq' | 'action' | 'resource'>,
): boolean {
  const view = event.resource as ChannelView | null;
  if (view === null || levelOf(caller, permissionsIn(view)) === 'none') return false;
  if (event.seq > list.seq) return true;
  const now = list.channels.get(view.id);
  const inSight = now !== undefined && levelOf(caller, now) !== 'none';
  return inSight !== (event.action === 'deleted');
}
