import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type IdParams, idParams } from '../../common/ids.js';
import { chatRoomMembersOnly } from '../chat-rooms/index.js';
import { threadNotFound } from './messages.errors.js';
import { threadReadSchema } from './reading.view.js';
import { threadSchema } from './thread.view.js';
import { threadIdsSchema, threadPageSchema, type ThreadsQuery, threadsQuery } from './threads.schemas.js';
import { ThreadsService } from './threads.service.js';

/** REST for the threads in which the caller takes part. */
@ApiTags('chat-threads')
@Throws(chatRoomMembersOnly)
@Controller('api/chat-threads')
export class ThreadsController {
  constructor(private readonly threads: ThreadsService) {}

  @Get()
  @ApiOkResponse({ standardSchema: threadPageSchema })
  list(@CurrentIdentity() identity: Identity, @Query({ schema: threadsQuery }) { limit, cursor }: ThreadsQuery) {
    return this.threads.page(identity, limit, cursor ?? null);
  }

  @Get('unread')
  @ApiOkResponse({ standardSchema: threadIdsSchema })
  async unread(@CurrentIdentity() identity: Identity) {
    return { chat_thread_ids: await this.threads.unread(identity) };
  }

  @Post('mark_all_as_read')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: threadIdsSchema, description: 'Those that had unread replies.' })
  async markAllAsRead(@CurrentIdentity() identity: Identity) {
    return { chat_thread_ids: await this.threads.markAllAsRead(identity) };
  }

  @Get(':id')
  @Throws(threadNotFound)
  @ApiOkResponse({ standardSchema: threadSchema })
  get(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    return this.threads.get(identity, id);
  }

  @Post(':id/mark_as_read')
  @Throws(threadNotFound)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: threadReadSchema })
  markAsRead(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    return this.threads.markAsRead(identity, id);
  }
}
