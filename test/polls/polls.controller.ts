import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import { CurrentIdentity } from '../../src/auth/auth.decorators.js';
import type { Identity } from '../../src/auth/identity.js';
import { RecordId, RecordsController } from '../../src/records/index.js';
import { Poll } from './poll.entity.js';
import { pollSchema, type Vote, voteSchema } from './polls.schemas.js';

@Controller('api/polls')
export class PollsController extends RecordsController(Poll) {
  @Post(':id/votes')
  @ApiCreatedResponse({ standardSchema: pollSchema })
  async vote(@CurrentIdentity() identity: Identity, @RecordId() id: number, @Body({ schema: voteSchema }) body: Vote) {
    return this.view(await this.records.change(identity, 'vote', id, (poll) => poll.vote(identity, body.option)));
  }
}
