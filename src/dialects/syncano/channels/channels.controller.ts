import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import type { JsonObject } from '../../../common/json.js';
import { type Channel, ChannelListService, ChannelsService } from '../../../modules/channels/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { readAfter, requireReader } from '../sight.js';
import { InstanceController } from '../syncano.controllers.js';
import { forbidden } from '../wire/errors.js';
import { paths } from '../wire/links.js';
import { NAME_START, nameStart, pageOf, pageQuery, type Query as WireQuery, type WireList } from '../wire/lists.js';
import { changeChannelForm, createChannelForm } from './channel.form.js';
import { channelShape } from './channel.shape.js';
import { ChannelSight } from './channel-sight.js';

/** The channels of an instance. Only account keys make and change them. */
@InstanceController('/channels')
export class ChannelsController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly lists: ChannelListService,
    private readonly sight: ChannelSight,
  ) {}

  @Post()
  async create(@CurrentCaller() { instance, identity }: Caller, @Body() body: unknown): Promise<JsonObject> {
    if (!identity.administrator) throw forbidden();
    return channelShape(instance.name, await this.channels.create(identity, createChannelForm(body)));
  }

  @Get()
  async list(@CurrentCaller() { instance, identity }: Caller, @Query() query: WireQuery): Promise<WireList> {
    requireReader(identity);
    const named = nameStart(query);
    const { next, prev, rows } = await pageOf({
      path: paths.channels(instance.name),
      query,
      page: pageQuery(query),
      fetch: (stretch) => this.lists.visible(identity, { ...stretch, ...named }),
      repeats: [NAME_START],
      idOf: ({ id }: Channel) => id,
    });
    return { next, prev, objects: rows.map((channel) => channelShape(instance.name, channel)) };
  }

  @Get(':name')
  async get(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<JsonObject> {
    const { identity, instance } = caller;
    const channel = await this.sight.of(caller, name, () => this.channels.get(identity, name));
    return channelShape(instance.name, channel);
  }

  @Put(':name')
  put(@CurrentCaller() caller: Caller, @Param('name') name: string, @Body() body: unknown): Promise<JsonObject> {
    return this.save(caller, name, body, true);
  }

  @Patch(':name')
  patch(@CurrentCaller() caller: Caller, @Param('name') name: string, @Body() body: unknown): Promise<JsonObject> {
    return this.save(caller, name, body, false);
  }

  @Delete(':name')
  @HttpCode(204)
  async remove(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<void> {
    if (!caller.identity.administrator) throw forbidden();
    await this.channels.delete(caller.identity, name);
  }

  private async save(caller: Caller, name: string, body: unknown, whole: boolean): Promise<JsonObject> {
    const { identity, instance } = caller;
    if (!identity.administrator) throw forbidden();
    const changes = await readAfter(
      () => this.channels.get(identity, name),
      () => changeChannelForm(body, whole),
    );
    return channelShape(instance.name, await this.channels.change(identity, name, changes));
  }
}
