import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { ObjectChannels } from './object-channels.js';
import type { ObjectClass } from './object-class.entity.js';
import { toObjectView } from './object.view.js';
import type { ObjectOfClass } from './objects.service.js';
import type { StoredObject } from './stored-object.entity.js';

/** Objects as replies show them: with the name of their channel, which the row does not hold. */
@Injectable()
export class ObjectViews {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly channels: ObjectChannels,
  ) {}

  async one({ object, of }: ObjectOfClass): Promise<JsonObject> {
    return (await this.all([object], of))[0]!;
  }

  async all(objects: StoredObject[], of: ObjectClass): Promise<JsonObject[]> {
    const { manager } = this.dataSource;
    const names = await this.channels.names(
      manager,
      objects.map(({ channelId }) => channelId),
    );
    return objects.map((object) => {
      const channel = object.channelId === null ? null : (names.get(object.channelId) ?? null);
      return { ...toObjectView(object, of), channel, channel_room: object.channelRoom };
    });
  }
}
