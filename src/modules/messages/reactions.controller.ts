import { Body, Controller, Delete, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { LimitedByRoom } from '../../limits/limit.decorators.js';
import { chatRoomMembersOnly, chatRoomNotFound } from '../chat-rooms/index.js';
import { messageNotFound, tooManyReactions } from './messages.errors.js';
import { type MessageParams, messageParams } from './messages.schemas.js';
import { reactionSchema } from './reaction.view.js';
import { type React, reactSchema, type ReactionParams, reactionParams } from './reactions.schemas.js';
import { ReactionsService } from './reactions.service.js';

/** REST for what is said to a message in one emoji. */
@ApiTags('messages')
@Throws(chatRoomNotFound, chatRoomMembersOnly, messageNotFound)
@Controller('api/chat-rooms/:uuid/messages/:id/reactions')
export class ReactionsController {
  constructor(private readonly reactions: ReactionsService) {}

  @Post()
  @Throws(tooManyReactions)
  @LimitedByRoom('/chat-rooms/:uuid')
  @ApiCreatedResponse({ standardSchema: reactionSchema })
  @ApiOkResponse({ standardSchema: reactionSchema, description: 'The caller had reacted so already.' })
  async react(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: messageParams }) { uuid, id: messageId }: MessageParams,
    @Body({ schema: reactSchema }) { emoji }: React,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { reaction, created } = await this.reactions.react(identity, { uuid, messageId, emoji });
    void reply.status(created ? 201 : 200);
    return reaction;
  }

  @Delete(':emoji')
  @ApiOkResponse({ standardSchema: reactionSchema })
  takeBack(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: reactionParams }) { uuid, id: messageId, emoji }: ReactionParams,
  ) {
    return this.reactions.takeBack(identity, { uuid, messageId, emoji });
  }
}
