import { Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { pinSchema, unpinnedSchema } from './chat-room-pin.view.js';
import { ChatRoomPins } from './chat-room.pins.js';
import { chatRoomMembersOnly, chatRoomNotFound, embeddedNotPinned } from './chat-rooms.errors.js';
import { type ChatRoomParams, chatRoomParams } from './chat-rooms.schemas.js';

/** REST for the rooms that the caller keeps at the top of their list. */
@ApiTags('chat-rooms')
@Throws(chatRoomNotFound, chatRoomMembersOnly)
@Controller('api/chat-rooms/:uuid/pin')
export class ChatRoomPinsController {
  constructor(private readonly pins: ChatRoomPins) {}

  @Post()
  @Throws(embeddedNotPinned)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: pinSchema })
  pin(@CurrentIdentity() identity: Identity, @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams) {
    return this.pins.pin(identity, uuid);
  }

  @Delete()
  @ApiOkResponse({ standardSchema: unpinnedSchema })
  unpin(@CurrentIdentity() identity: Identity, @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams) {
    return this.pins.unpin(identity, uuid);
  }
}
