import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { chatRoomMembersOnly, chatRoomNotFound, type ChatRoomParams, chatRoomParams } from '../chat-rooms/index.js';
import { roomReadSchema } from './reading.view.js';
import { RoomReading } from './room-reading.service.js';
import { unreadRoomsSchema } from './threads.schemas.js';

/** REST for what the caller has read. */
@ApiTags('chat-rooms')
@Throws(chatRoomMembersOnly)
@Controller('api/chat-rooms')
export class RoomReadingController {
  constructor(private readonly reading: RoomReading) {}

  /** A uuid never looks like this word, so it stands in nobody's way. */
  @Get('unread')
  @ApiOkResponse({ standardSchema: unreadRoomsSchema })
  async unread(@CurrentIdentity() identity: Identity) {
    return { chat_rooms: await this.reading.unread(identity) };
  }

  @Post(':uuid/mark_all_as_read')
  @Throws(chatRoomNotFound)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: roomReadSchema })
  markAllAsRead(@CurrentIdentity() identity: Identity, @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams) {
    return this.reading.markAllAsRead(identity, uuid);
  }
}
