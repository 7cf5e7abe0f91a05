import { Injectable } from '@nestjs/common';
import { JsonWebTokenError, NotBeforeError, TokenExpiredError } from '@nestjs/jwt';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { Remembered } from '../common/remembered.js';
import { Settings } from '../config/settings.js';
import { expiryOf } from './clock-tolerance.js';
import { IssuerKeys } from './issuer-keys.js';

/** Only signatures of key pairs: a public key must never serve as a shared secret, and `none` is no signature. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
const REMEMBERED_MS = 60_000;

/** What a valid token of the other issuer says. */
export interface ForeignClaims extends JWTPayload {
  sub: string;
  exp: number;
}

/** Verifies the access tokens of the other issuer that the settings name. Faults are reported in the words of our own. */
@Injectable()
export class ForeignTokens {
  private readonly keys: IssuerKeys | null;
  private readonly verified = new Remembered<ForeignClaims>({ ms: REMEMBERED_MS });

  constructor(private readonly settings: Settings) {
    this.keys = settings.jwksUrl === null ? null : new IssuerKeys(settings.jwksUrl);
  }

  /** Whether the token claims to be of the other issuer, so that nobody but that issuer's keys can vouch for it. */
  claimedBy(token: string): boolean {
    if (this.keys === null) return false;
    try {
      return decodeJwt(token).iss === this.settings.jwtIssuer;
    } catch {
      return false;
    }
  }

  async verify(token: string): Promise<ForeignClaims> {
    const known = this.verified.get(token);
    if (known && known.exp * 1_000 > Date.now()) return known;
    const claims = await this.verifyAnew(token);
    this.verified.set(token, claims);
    return claims;
  }

  private async verifyAnew(token: string): Promise<ForeignClaims> {
    const { jwtIssuer, jwtAudience, jwtClockToleranceSeconds } = this.settings;
    try {
      const { payload } = await jwtVerify(token, this.keys!.find, {
        issuer: jwtIssuer!,
        audience: jwtAudience!,
        algorithms: ALGORITHMS,
        clockTolerance: jwtClockToleranceSeconds,
        requiredClaims: ['sub', 'exp'],
      });
      const claims = payload as ForeignClaims;
      if (claims.sub === '') throw new JsonWebTokenError('jwt subject invalid');
      if (expiryOf(claims, jwtClockToleranceSeconds)! <= Date.now()) throw expired(claims);
      return claims;
    } catch (error) {
      throw inOurWords(error);
    }
  }
}

function expired({ exp }: JWTPayload): TokenExpiredError {
  return new TokenExpiredError('jwt expired', new Date((exp ?? 0) * 1_000));
}

function inOurWords(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError)) return error;
  if (error instanceof errors.JWTExpired) return expired(error.payload);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return new NotBeforeError('jwt not active', new Date(Number(error.payload.nbf) * 1_000));
    return new JsonWebTokenError(`jwt ${error.claim === 'aud' ? 'audience' : error.claim} invalid`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return new JsonWebTokenError('invalid algorithm');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return new JsonWebTokenError('jwt malformed');
  }
  return new JsonWebTokenError('invalid signature');
}
