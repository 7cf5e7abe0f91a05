import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { CreateIdempotencyKeys1763700500000 } from './idempotency-keys.migration.js';
import { IdempotentRequests } from './idempotent-requests.js';

/** Requests that may be repeated. */
@Module({
  imports: [DatabaseModule.forFeature({ entities: [], migrations: [CreateIdempotencyKeys1763700500000] })],
  providers: [IdempotencyKeys, IdempotentRequests],
  exports: [IdempotencyKeys],
})
export class IdempotencyModule {}
