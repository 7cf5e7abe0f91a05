import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { ticketErrors } from '../../realtime/room.errors.js';
import { ChatRoomOpening } from './chat-room.opening.js';
import { ChatRoomTickets } from './chat-room.tickets.js';
import { chatRoomSchema } from './chat-room.view.js';
import {
  chatRoomForbidden,
  chatRoomMembersOnly,
  chatRoomNotFound,
  directHasNoName,
  directNeedsOneOther,
  embeddedExists,
  embeddedForAdministrators,
  embeddedIsGroup,
  firstMessageErrors,
  membersUnknown,
  pinnedMessageUnknown,
} from './chat-rooms.errors.js';
import {
  chatRoomPageSchema,
  type ChatRoomParams,
  chatRoomParams,
  type ChatRoomQuery,
  chatRoomQuery,
  chatRoomReplySchema,
  type ChatRoomsQuery,
  chatRoomsQuery,
  type CreateChatRoom,
  createChatRoomSchema,
  type UpdateChatRoom,
  updateChatRoomSchema,
} from './chat-rooms.schemas.js';
import { ChatRoomsService } from './chat-rooms.service.js';
import { RoomListService } from './room-list.service.js';

/** REST for the conversations that the caller is in. */
@ApiTags('chat-rooms')
@Throws(chatRoomMembersOnly)
@Controller('api/chat-rooms')
export class ChatRoomsController {
  constructor(
    private readonly rooms: ChatRoomsService,
    private readonly opening: ChatRoomOpening,
    private readonly lists: RoomListService,
    private readonly tickets: ChatRoomTickets,
  ) {}

  @Get()
  @Throws(...ticketErrors)
  @ApiOkResponse({ standardSchema: chatRoomPageSchema })
  async list(@CurrentIdentity() identity: Identity, @Query({ schema: chatRoomsQuery }) query: ChatRoomsQuery) {
    const { limit, cursor: after = null, embedded, archived } = query;
    const page = await this.lists.page(identity, { limit, after, embedded: only(embedded), archived: only(archived) });
    return { ...page, ...(await this.tickets.forReply(identity, query, page.records)) };
  }

  @Post()
  @Throws(
    directNeedsOneOther,
    directHasNoName,
    embeddedIsGroup,
    embeddedForAdministrators,
    embeddedExists,
    membersUnknown,
    ...firstMessageErrors,
  )
  @ApiCreatedResponse({ standardSchema: chatRoomSchema })
  @ApiOkResponse({ standardSchema: chatRoomSchema, description: 'The direct room existed already.' })
  async create(
    @CurrentIdentity() identity: Identity,
    @Body({ schema: createChatRoomSchema }) body: CreateChatRoom,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { room, created } = await this.opening.open(identity, body);
    void reply.status(created ? 201 : 200);
    return room;
  }

  @Get(':uuid')
  @Throws(chatRoomNotFound, ...ticketErrors)
  @ApiOkResponse({ standardSchema: chatRoomReplySchema })
  async get(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams,
    @Query({ schema: chatRoomQuery }) query: ChatRoomQuery,
  ) {
    const room = await this.rooms.get(identity, uuid);
    return { ...room, ...(await this.tickets.forReply(identity, query, [room])) };
  }

  @Patch(':uuid')
  @Throws(chatRoomNotFound, chatRoomForbidden, directHasNoName, embeddedForAdministrators, pinnedMessageUnknown)
  @ApiOkResponse({ standardSchema: chatRoomSchema })
  update(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams,
    @Body({ schema: updateChatRoomSchema }) body: UpdateChatRoom,
  ) {
    return this.rooms.update(identity, uuid, body);
  }

  @Delete(':uuid')
  @Throws(chatRoomNotFound, chatRoomForbidden, embeddedForAdministrators)
  @HttpCode(204)
  remove(@CurrentIdentity() identity: Identity, @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams) {
    return this.rooms.remove(identity, uuid);
  }
}

/** Null: both. */
function only(shown: 'false' | 'true' | 'all'): boolean | null {
  return shown === 'all' ? null : shown === 'true';
}
