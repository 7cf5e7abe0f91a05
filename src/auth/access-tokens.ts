import { Injectable } from '@nestjs/common';
import { JsonWebTokenError, JwtService, TokenExpiredError } from '@nestjs/jwt';
import { Remembered } from '../common/remembered.js';
import { Settings } from '../config/settings.js';
import { expiryOf } from './clock-tolerance.js';

/** What an access token says. `sub` is the member's id as text; other issuers may leave claims out. */
export interface AccessClaims {
  sub?: string;
  workspace?: number;
  type?: string;
  /** When the member last logged out everywhere before it was issued, in ms; 0 for never. */
  since?: number;
  aud?: string | string[];
  iat?: number;
  exp?: number;
}

/** Whom a token is made out to. */
export interface TokenHolder {
  id: number;
  workspaceId: number;
  tokensValidAfter?: Date | null;
}

/** Signs and verifies the tokens that open both REST and sockets: HS256, one hour by default. */
@Injectable()
export class AccessTokens {
  private readonly verified = new Remembered<AccessClaims>();

  constructor(
    private readonly jwt: JwtService,
    private readonly settings: Settings,
  ) {}

  get lifetimeSeconds(): number {
    return this.settings.accessTokenTtlSeconds;
  }

  sign({ id, workspaceId, tokensValidAfter }: TokenHolder): string {
    const claims = { workspace: workspaceId, type: 'access', since: tokensValidAfter?.getTime() ?? 0 };
    return this.jwt.sign(claims, { subject: String(id), expiresIn: this.lifetimeSeconds });
  }

  /**
   * The claims of a valid access token. Tokens of another kind (`type`) or for another audience are refused; a marker is
   * not required. Throws the verifier's error (JsonWebTokenError, TokenExpiredError, NotBeforeError).
   */
  verify(token: string): AccessClaims {
    const known = this.recall(token);
    if (known) return known;
    const claims = this.verifyAnew(token);
    // Only what the signature and the dates say is remembered, and only while it holds by itself.
    if (claims.exp !== undefined) this.verified.set(token, claims);
    return claims;
  }

  /** The claims of a token that has been verified before; undefined for any other. */
  recall(token: string): AccessClaims | undefined {
    const known = this.verified.get(token);
    return known && (known.exp ?? 0) * 1_000 > Date.now() ? known : undefined;
  }

  private verifyAnew(token: string): AccessClaims {
    const clockTolerance = this.settings.jwtClockToleranceSeconds;
    const claims = this.jwt.verify<AccessClaims>(token, { clockTolerance });
    // A token may also be a signed text.
    if (typeof claims !== 'object') throw new JsonWebTokenError('jwt payload invalid');
    const expiry = expiryOf(claims, clockTolerance);
    if (expiry !== null && expiry <= Date.now())
      throw new TokenExpiredError('jwt expired', new Date(claims.exp! * 1_000));
    if (claims.aud !== undefined) throw new JsonWebTokenError('jwt audience invalid');
    if (claims.type !== undefined && claims.type !== 'access') throw new JsonWebTokenError('jwt type invalid');
    return claims;
  }
}
