import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../auth/auth.decorators.js';
import type { Identity } from '../auth/identity.js';
import { SecretAnswer } from '../common/http/secret-answer.js';
import { Throws } from '../common/http/throws.js';
import { RoomTokenIssuer } from './room-token-issuer.js';
import { roomTokensReplySchema, type RoomTokensRequest, roomTokensSchema } from './room-tokens.schemas.js';
import { ticketErrors } from './room.errors.js';

/** Gives the caller tokens for the rooms that they may join. */
@ApiTags('realtime')
@Throws(...ticketErrors)
@Controller('api/realtime/tokens')
export class RoomTokensController {
  constructor(private readonly issuer: RoomTokenIssuer) {}

  @Post()
  @SecretAnswer()
  @ApiCreatedResponse({ standardSchema: roomTokensReplySchema })
  async create(
    @CurrentIdentity() identity: Identity,
    @Body({ schema: roomTokensSchema }) { rooms }: RoomTokensRequest,
  ) {
    return { websockets: await this.issuer.ticketsFor(identity, rooms) };
  }
}
