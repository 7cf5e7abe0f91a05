import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Direct } from '../../common/http/direct-route.js';
import { ReadyJson } from '../../common/http/ready-json.js';
import { Throws } from '../../common/http/throws.js';
import { LimitedByRoom } from '../../limits/limit.decorators.js';
import { ticketErrors } from '../../realtime/room.errors.js';
import {
  chatRoomMembersOnly,
  chatRoomNotFound,
  type ChatRoomParams,
  chatRoomParams,
  ChatRoomTickets,
} from '../chat-rooms/index.js';
import { MessageHistory } from './message.history.js';
import { MessageSending } from './message.sending.js';
import { messageSchema } from './message.view.js';
import {
  contentErrors,
  creationUuidTaken,
  messageForbidden,
  messageNotFound,
  parentUnknown,
} from './messages.errors.js';
import {
  type EditMessage,
  editMessageSchema,
  messagePageSchema,
  type MessageParams,
  messageParams,
  type MessagesQuery,
  messagesQuery,
  type SendMessage,
  sendMessageSchema,
} from './messages.schemas.js';
import { MessagesService } from './messages.service.js';
import { messageWithReactionsSchema } from './reaction.view.js';

/** REST for what is said in a conversation. */
@ApiTags('messages')
@Throws(chatRoomNotFound, chatRoomMembersOnly)
@Controller('api/chat-rooms/:uuid/messages')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly sending: MessageSending,
    private readonly history: MessageHistory,
    private readonly tickets: ChatRoomTickets,
  ) {}

  @Get()
  @Throws(...ticketErrors)
  @ApiOkResponse({ standardSchema: messagePageSchema })
  async list(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams,
    @Query({ schema: messagesQuery }) query: MessagesQuery,
  ) {
    const page = await this.history.page(identity, uuid, query);
    return { ...page, ...(await this.tickets.forReply(identity, query, [{ uuid }])) };
  }

  @Post()
  @Direct()
  @Throws(...contentErrors, parentUnknown, creationUuidTaken)
  @LimitedByRoom('/chat-rooms/:uuid')
  @ApiCreatedResponse({ standardSchema: messageSchema })
  @ApiOkResponse({
    standardSchema: messageSchema,
    description: 'It had been sent before, with the same creation_uuid.',
  })
  async send(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams,
    @Body({ schema: sendMessageSchema }) body: SendMessage,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { message, created, text } = await this.sending.send(identity, uuid, body);
    void reply.status(created ? 201 : 200);
    return ReadyJson.of(message, text);
  }

  @Get(':id')
  @Throws(messageNotFound)
  @ApiOkResponse({ standardSchema: messageWithReactionsSchema })
  get(@CurrentIdentity() identity: Identity, @Param({ schema: messageParams }) { uuid, id }: MessageParams) {
    return this.history.get(identity, uuid, id);
  }

  @Patch(':id')
  @Throws(...contentErrors, messageNotFound, messageForbidden)
  @ApiOkResponse({ standardSchema: messageSchema })
  edit(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: messageParams }) { uuid, id }: MessageParams,
    @Body({ schema: editMessageSchema }) body: EditMessage,
  ) {
    return this.messages.edit(identity, uuid, id, body);
  }

  @Delete(':id')
  @Throws(messageNotFound, messageForbidden)
  @HttpCode(204)
  remove(@CurrentIdentity() identity: Identity, @Param({ schema: messageParams }) { uuid, id }: MessageParams) {
    return this.messages.remove(identity, uuid, id);
  }
}
