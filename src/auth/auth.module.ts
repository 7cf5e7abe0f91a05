import type { KeyObject } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { AccessTokens } from './access-tokens.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.js';
import { DerivedKeys } from './derived-keys.js';
import { ForeignTokens } from './foreign-tokens.js';
import { IdentityCache } from './identity-cache.js';
import { RequestCredentials } from './request-credentials.js';
import { RoomTokens } from './room-tokens.js';
import { SIGNING_KEY, SigningKeyModule } from './signing-key.module.js';

/** Who is asking: tokens, the guard, one authenticator for HTTP and sockets. The directories are bound by the features. */
@Global()
@Module({
  imports: [
    SigningKeyModule,
    JwtModule.registerAsync({
      imports: [SigningKeyModule],
      inject: [SIGNING_KEY],
      useFactory: (key: KeyObject) => ({
        secretOrKeyProvider: () => key,
        signOptions: { algorithm: 'HS256' },
        verifyOptions: { algorithms: ['HS256'] },
      }),
    }),
  ],
  providers: [
    AccessTokens,
    RoomTokens,
    Authenticator,
    ForeignTokens,
    IdentityCache,
    RequestCredentials,
    { provide: DerivedKeys, inject: [SIGNING_KEY], useFactory: (key: KeyObject) => new DerivedKeys(key) },
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [AccessTokens, RoomTokens, Authenticator, DerivedKeys, IdentityCache, RequestCredentials],
})
export class AuthModule {}
