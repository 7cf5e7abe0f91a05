import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessPolicy } from './access-policy.js';

/** What who may do: the policy. The rules live with their features. */
@Global()
@Module({ imports: [DiscoveryModule], providers: [AccessPolicy], exports: [AccessPolicy] })
export class AccessModule {}
