import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdministratorOnly, CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { RoomTokenIssuer } from '../../realtime/room-token-issuer.js';
import { ticketErrors } from '../../realtime/room.errors.js';
import { ChannelListService } from './channel-list.service.js';
import { channelSchema, type ChannelView, toChannelView } from './channel.view.js';
import { channelForbidden, channelNotFound, groupUnknown, nameTaken, systemChannel } from './channels.errors.js';
import {
  type ChangeChannel,
  changeChannelSchema,
  type ChannelPage,
  channelPageSchema,
  type CreateChannel,
  createChannelSchema,
  type ListChannels,
  listChannelsSchema,
} from './channels.schemas.js';
import { ChannelsService } from './channels.service.js';
import { channelPaths } from './channels.streams.js';

/** REST for the channels of the caller's workspace. */
@ApiTags('channels')
@Throws(channelNotFound, channelForbidden)
@Controller('api/channels')
export class ChannelsController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly lists: ChannelListService,
    private readonly tickets: RoomTokenIssuer,
  ) {}

  @Post()
  @Throws(nameTaken, groupUnknown)
  @AdministratorOnly()
  @ApiCreatedResponse({ standardSchema: channelSchema })
  async create(
    @CurrentIdentity() identity: Identity,
    @Body({ schema: createChannelSchema }) body: CreateChannel,
  ): Promise<ChannelView> {
    return toChannelView(await this.channels.create(identity, body));
  }

  @Get()
  @Throws(...ticketErrors)
  @ApiOkResponse({ standardSchema: channelPageSchema })
  async list(
    @CurrentIdentity() identity: Identity,
    @Query({ schema: listChannelsSchema }) query: ListChannels,
  ): Promise<ChannelPage> {
    const page = await this.lists.page(identity, query);
    if (!query.websockets) return page;
    const joinable = page.records.filter((channel) => channel.type === 'default');
    const rooms = [channelPaths.list, ...joinable.map((channel) => channelPaths.channel(channel.name))];
    return { ...page, websockets: await this.tickets.ticketsFor(identity, rooms) };
  }

  @Get(':name')
  @ApiOkResponse({ standardSchema: channelSchema })
  async get(@CurrentIdentity() identity: Identity, @Param('name') name: string): Promise<ChannelView> {
    return toChannelView(await this.channels.get(identity, name));
  }

  @Patch(':name')
  @Throws(groupUnknown)
  @AdministratorOnly()
  @ApiOkResponse({ standardSchema: channelSchema })
  async change(
    @CurrentIdentity() identity: Identity,
    @Param('name') name: string,
    @Body({ schema: changeChannelSchema }) body: ChangeChannel,
  ): Promise<ChannelView> {
    return toChannelView(await this.channels.change(identity, name, body));
  }

  @Delete(':name')
  @Throws(systemChannel)
  @AdministratorOnly()
  @HttpCode(204)
  async delete(@CurrentIdentity() identity: Identity, @Param('name') name: string): Promise<void> {
    await this.channels.delete(identity, name);
  }
}
