import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { DatabaseModule } from '../database/database.module.js';
import { AccessTokens } from './access-tokens.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.js';
import { DerivedKeys } from './derived-keys.js';
import { ForeignTokens } from './foreign-tokens.js';
import { IdentityCache } from './identity-cache.js';
import { RequestCredentials } from './request-credentials.js';
import { CreateServerSecrets1763700000500, signingKey } from './signing-key.js';
import { RoomTokens } from './room-tokens.js';

/** Who is asking: tokens, the guard, one authenticator for HTTP and sockets. The directories are bound by the features. */
@Global()
@Module({
  imports: [
    DatabaseModule.forFeature({ entities: [], migrations: [CreateServerSecrets1763700000500] }),
    JwtModule.registerAsync({
      inject: [Settings, getDataSourceToken()],
      useFactory: async (settings: Settings, dataSource: DataSource) => {
        const key = await signingKey(settings, dataSource);
        return {
          secretOrKeyProvider: () => key,
          signOptions: { algorithm: 'HS256' },
          verifyOptions: { algorithms: ['HS256'] },
        };
      },
    }),
  ],
  providers: [
    AccessTokens,
    RoomTokens,
    Authenticator,
    ForeignTokens,
    IdentityCache,
    RequestCredentials,
    {
      provide: DerivedKeys,
      inject: [Settings, getDataSourceToken()],
      useFactory: async (settings: Settings, dataSource: DataSource) =>
        new DerivedKeys(await signingKey(settings, dataSource)),
    },
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [AccessTokens, RoomTokens, Authenticator, DerivedKeys, IdentityCache, RequestCredentials],
})
export class AuthModule {}
