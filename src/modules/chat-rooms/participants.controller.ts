import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type IdPage, toPage } from '../../common/paging.js';
import {
  chatRoomForbidden,
  chatRoomMembersOnly,
  chatRoomNotFound,
  directHasNoAdmin,
  directIsForTwo,
  membersUnknown,
  notYourSettings,
  participantNotFound,
} from './chat-rooms.errors.js';
import {
  type AddParticipants,
  addParticipantsSchema,
  type ChatRoomParams,
  chatRoomParams,
  participantPageSchema,
  type ParticipantParams,
  participantParams,
  participantReplySchema,
  participantsQuery,
  participantsSchema,
  type UpdateParticipant,
  updateParticipantSchema,
} from './chat-rooms.schemas.js';
import { ParticipantSettings } from './participant.settings.js';
import { toParticipantView } from './participant.view.js';
import { ParticipantsService } from './participants.service.js';

/** REST for who is in a conversation. */
@ApiTags('chat-rooms')
@Throws(chatRoomNotFound, chatRoomMembersOnly)
@Controller('api/chat-rooms/:uuid/participants')
export class ParticipantsController {
  constructor(
    private readonly participants: ParticipantsService,
    private readonly settings: ParticipantSettings,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: participantPageSchema })
  async list(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams,
    @Query({ schema: participantsQuery }) page: IdPage,
  ) {
    return toPage(await this.participants.list(identity, uuid, page), page.limit, toParticipantView);
  }

  @Post()
  @Throws(chatRoomForbidden, directIsForTwo, membersUnknown)
  @ApiCreatedResponse({ standardSchema: participantsSchema })
  async add(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: chatRoomParams }) { uuid }: ChatRoomParams,
    @Body({ schema: addParticipantsSchema }) { member_ids }: AddParticipants,
  ) {
    const added = await this.participants.add(identity, uuid, member_ids);
    return { records: added.map(toParticipantView) };
  }

  @Patch(':member_id')
  @Throws(chatRoomForbidden, directHasNoAdmin, notYourSettings, participantNotFound)
  @ApiOkResponse({ standardSchema: participantReplySchema })
  change(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: participantParams }) { uuid, member_id }: ParticipantParams,
    @Body({ schema: updateParticipantSchema }) body: UpdateParticipant,
  ) {
    return this.settings.change(identity, uuid, member_id, body);
  }

  @Delete(':member_id')
  @Throws(chatRoomForbidden, directIsForTwo, participantNotFound)
  @HttpCode(204)
  remove(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: participantParams }) { uuid, member_id }: ParticipantParams,
  ) {
    return this.participants.remove(identity, uuid, member_id);
  }
}
