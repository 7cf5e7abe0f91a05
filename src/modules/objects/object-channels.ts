import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { DomainError } from '../../common/domain-error.js';
import { Channel, ChannelAccess } from '../channels/index.js';
import type { ObjectInput } from './object-input.js';
import { channelPublishForbidden, channelRoomRequired, objectInvalid } from './objects.errors.js';
import type { StoredObject } from './stored-object.entity.js';

const MAX_ROOM = 64;

type Told = Pick<StoredObject, 'channelId' | 'channelRoom'>;

/** The channels that objects tell of themselves: only who may publish there may make or change such an object. */
@Injectable()
export class ObjectChannels {
  constructor(private readonly access: ChannelAccess) {}

  /** Where a new object will tell of itself. The channel neither goes nor closes until the transaction ends. */
  async choose(
    identity: Identity,
    { channel: name, channel_room }: ObjectInput,
    manager: EntityManager,
  ): Promise<Told> {
    if (name === undefined || name === null) return { channelId: null, channelRoom: null };
    const { workspaceId } = identity;
    const channel = await this.access.find(workspaceId, name, { manager, hold: 'shared' });
    if (!channel) throw objectInvalid({ channel: [`Object with name=${name.slice(0, 64)} does not exist.`] });
    await this.requirePublisher(identity, channel, manager);
    if (channel.type === 'default') return { channelId: channel.id, channelRoom: null };
    const room = channel_room?.trim().toLowerCase() ?? '';
    if (room === '') throw channelRoomRequired();
    if ([...room].length > MAX_ROOM) {
      throw objectInvalid({ channel_room: [`Ensure this field has no more than ${MAX_ROOM} characters.`] });
    }
    return { channelId: channel.id, channelRoom: room };
  }

  /** Before the object's row is locked: whoever deletes the channel takes its lock and the rows in the same order. */
  async hold(identity: Identity, channelId: number | null, manager: EntityManager): Promise<void> {
    const named = channelId === null ? null : await manager.findOneBy(Channel, { id: channelId });
    if (!named) return;
    const reading = { manager, hold: 'shared' } as const;
    const channel = await this.access.find(identity.workspaceId, named.name, reading);
    if (channel?.id === channelId) await this.requirePublisher(identity, channel, manager);
  }

  /** The names of channels, by their ids. */
  async names(manager: EntityManager, channelIds: (number | null)[]): Promise<Map<number, string>> {
    const ids = [...new Set(channelIds.filter((id) => id !== null))];
    if (ids.length === 0) return new Map();
    const channels = await manager.find(Channel, { select: { id: true, name: true }, where: { id: In(ids) } });
    return new Map(channels.map(({ id, name }) => [id, name]));
  }

  private async requirePublisher(identity: Identity, channel: Channel, manager: EntityManager): Promise<void> {
    try {
      await this.access.requireOf(identity, 'publish', channel, manager);
    } catch (error) {
      throw error instanceof DomainError ? channelPublishForbidden() : error;
    }
  }
}
