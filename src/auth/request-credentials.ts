import { Injectable } from '@nestjs/common';
import { JsonWebTokenError } from '@nestjs/jwt';
import type { RequestWithIdentity } from './auth.decorators.js';
import { credentialRequired, tokenExpired, tokenInvalid } from './auth.errors.js';
import { Authenticator } from './authenticator.js';
import type { Identity } from './identity.js';

/** Reads the credential of an HTTP request (access token or API key) and says who sent it. */
@Injectable()
export class RequestCredentials {
  constructor(private readonly authenticator: Authenticator) {}

  /** Throws when there is no valid credential. Who is known from before is told at once. */
  identify(headers: RequestWithIdentity['headers']): Identity | Promise<Identity> {
    const [scheme, token] = (headers.authorization as string | undefined)?.split(' ') ?? [];
    const isBearer = scheme?.toLowerCase() === 'bearer' && token;
    return isBearer ? (this.authenticator.recall(token) ?? this.byToken(token)) : this.byKey(headers);
  }

  private async byKey(headers: RequestWithIdentity['headers']): Promise<Identity> {
    const key = headers['x-api-key'];
    const identity = typeof key === 'string' && key !== '' ? await this.authenticator.byApiKey(key) : null;
    if (identity) return identity;
    throw credentialRequired();
  }

  private async byToken(token: string): Promise<Identity> {
    try {
      const { member } = await this.authenticator.byToken(token);
      if (member) return member;
    } catch (error) {
      // The reason (expired, signature ...) is told by code only; expiry is what a client acts on.
      if (!(error instanceof JsonWebTokenError)) throw error;
      if (error.name === 'TokenExpiredError') throw tokenExpired();
    }
    throw tokenInvalid();
  }
}
