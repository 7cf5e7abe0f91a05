import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Direct } from '../../common/http/direct-route.js';
import { Throws } from '../../common/http/throws.js';
import type { JsonObject } from '../../common/json.js';
import { LimitedByRoom } from '../../limits/limit.decorators.js';
import { BodyLimit, PUBLISH_BODY_LIMIT } from './body-limit.js';
import {
  channelHistorySchema,
  type ChannelHistoryPage,
  channelMessageSchema,
  historySchema,
  type PublishMessage,
  publishSchema,
  type ReadHistory,
} from './channel-messages.schemas.js';
import { ChannelMessagesService } from './channel-messages.service.js';
import { ChannelPublishing } from './channel-publishing.js';
import { channelForbidden, channelNotFound, customPublishDisabled, roomRequired } from './channels.errors.js';

/** REST for what is said in a channel. */
@ApiTags('channels')
@Throws(channelNotFound, channelForbidden)
@Controller('api/channels/:name')
export class ChannelMessagesController {
  constructor(
    private readonly messages: ChannelMessagesService,
    private readonly publishing: ChannelPublishing,
  ) {}

  @Post('publish')
  @Direct()
  @Throws(customPublishDisabled, roomRequired)
  @BodyLimit(PUBLISH_BODY_LIMIT)
  @LimitedByRoom('/channels/:name')
  @ApiCreatedResponse({ standardSchema: channelMessageSchema })
  publish(
    @CurrentIdentity() identity: Identity,
    @Param('name') name: string,
    @Body({ schema: publishSchema }) body: PublishMessage,
  ): Promise<JsonObject> {
    return this.publishing.publish(identity, name, body);
  }

  @Get('history')
  @Throws(roomRequired)
  @ApiOkResponse({ standardSchema: channelHistorySchema })
  history(
    @CurrentIdentity() identity: Identity,
    @Param('name') name: string,
    @Query({ schema: historySchema }) query: ReadHistory,
  ): Promise<ChannelHistoryPage> {
    return this.messages.history(identity, name, query);
  }
}
