import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Settings } from '../config/settings.js';

const AUDIENCE = 'roomcast:room';

interface RoomClaims {
  sub: string;
  name: string;
}

/**
 * Tokens that let one member join one room for a while (docs/dialects/socket-io.md). They have an audience of their own, so
 * none of them passes as an access token. Joining asks the access policy all the same.
 */
@Injectable()
export class RoomTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly settings: Settings,
  ) {}

  sign(memberId: number, room: string): string {
    return this.jwt.sign(
      { name: room },
      { subject: String(memberId), audience: AUDIENCE, expiresIn: this.settings.roomTokenTtlSeconds },
    );
  }

  /** Whether the token opens exactly this room for exactly this member, now. */
  opens(token: unknown, memberId: number, room: string): boolean {
    if (typeof token !== 'string') return false;
    try {
      const claims = this.jwt.verify<RoomClaims>(token, { audience: AUDIENCE });
      return claims.sub === String(memberId) && claims.name === room;
    } catch {
      return false;
    }
  }
}
