import { Injectable } from '@nestjs/common';
import { JsonWebTokenError } from '@nestjs/jwt';
import { Settings } from '../config/settings.js';
import { type AccessClaims, AccessTokens } from './access-tokens.js';
import { expiryOf } from './clock-tolerance.js';
import { type ForeignClaims, ForeignTokens } from './foreign-tokens.js';
import type { Identity, MemberIdentity } from './identity.js';
import { IdentityCache } from './identity-cache.js';
import { ApiKeyDirectory, ExternalDirectory, type ExternalSubject } from './identity-directory.js';

/** The member has logged out everywhere, or changed the password, since the token was issued. */
export class TokenRevokedError extends JsonWebTokenError {
  constructor() {
    super('jwt revoked');
  }
}

/** Who a valid token stands for. Without a member it is valid but opens nothing. */
export interface Authentication {
  member: MemberIdentity | null;
  /** The time after which the token is no longer valid, in ms since 1970; null when it never expires. */
  expiresAt: number | null;
}

/** Turns a credential into an identity: the one code behind the HTTP guard and every socket door. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly members: IdentityCache,
    private readonly apiKeys: ApiKeyDirectory,
    private readonly foreignTokens: ForeignTokens,
    private readonly externals: ExternalDirectory,
    private readonly settings: Settings,
  ) {}

  /** Throws the verifier's error when the token is not valid. */
  async byToken(token: string): Promise<Authentication> {
    if (this.foreignTokens.claimedBy(token)) return this.byForeignToken(token);
    const claims = this.tokens.verify(token);
    const expiresAt = expiryOf(claims, this.settings.jwtClockToleranceSeconds);
    const id = memberIdOf(claims);
    const member = id === null ? null : await this.members.findMember(id);
    if (!member || !isOfWorkspace(claims, member)) return { member: null, expiresAt };
    if (isRevoked(claims, member)) throw new TokenRevokedError();
    return { member, expiresAt };
  }

  /** The member behind a token of ours, if both are known from before; undefined says nothing about the token. */
  recall(token: string): MemberIdentity | undefined {
    const claims = this.tokens.recall(token);
    const id = claims && memberIdOf(claims);
    const member = id == null ? undefined : this.members.recall(id);
    return member && isOfWorkspace(claims!, member) && !isRevoked(claims!, member) ? member : undefined;
  }

  private async byForeignToken(token: string): Promise<Authentication> {
    const claims = await this.foreignTokens.verify(token);
    const expiresAt = expiryOf(claims, this.settings.jwtClockToleranceSeconds);
    const id = await this.externals.findSubject(subjectOf(claims));
    const member = id === null ? null : await this.members.findMember(id);
    // Of the claims that are ours to give, none counts.
    if (member && isRevoked({ iat: claims.iat }, member)) throw new TokenRevokedError();
    return { member, expiresAt };
  }

  /** Null for an unknown key. */
  byApiKey(key: string): Promise<Identity | null> {
    return this.apiKeys.findApiKey(key);
  }
}

function memberIdOf({ sub }: AccessClaims): number | null {
  return typeof sub === 'string' && /^\d{1,15}$/.test(sub) ? Number(sub) : null;
}

function isOfWorkspace({ workspace }: AccessClaims, member: MemberIdentity): boolean {
  return workspace === undefined || workspace === member.workspaceId;
}

/**
 * Our own tokens name the logout that came before them, so neither the clocks of the nodes nor a token that is being
 * issued during the logout matter. Others have only the second of their issue: one of the same second counts as older.
 */
function isRevoked({ since, iat }: AccessClaims, { tokensValidAfter }: MemberIdentity): boolean {
  if (tokensValidAfter === undefined) return false;
  return since === undefined ? (iat ?? 0) * 1_000 <= tokensValidAfter : since < tokensValidAfter;
}

/** An address that the issuer itself does not believe in is none. */
function subjectOf({ sub, name, email, email_verified }: ForeignClaims): ExternalSubject {
  return {
    id: sub,
    name: typeof name === 'string' ? name : undefined,
    email: typeof email === 'string' && email_verified !== false ? email : undefined,
  };
}
