import { Module } from '@nestjs/common';
import { RecordsModule } from '../../src/records/index.js';
import { Poll } from './poll.entity.js';
import { PollsController } from './polls.controller.js';
import { CreatePolls1764000000000 } from './polls.migration.js';

@Module({ imports: [RecordsModule.of(Poll, [CreatePolls1764000000000])], controllers: [PollsController] })
export class PollsModule {}
