import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Settings } from '../config/settings.js';
import { AddressLimit } from './address-limit.js';
import { RateLimits } from './rate-limits.js';
import { RequestLimitGuard } from './request-limit.guard.js';

/** How much anybody may ask for. Comes after AuthModule, because its guard wants to know who asks. */
@Global()
@Module({})
export class LimitsModule {
  static forRoot({ rateLimits }: Settings): DynamicModule {
    const doors = [AddressLimit, { provide: APP_GUARD, useClass: RequestLimitGuard }];
    return {
      module: LimitsModule,
      // Switched off, nothing stands in the way of a request.
      providers: [RateLimits, ...(rateLimits === 'on' ? doors : [])],
      exports: [RateLimits],
    };
  }
}
