import { Injectable } from '@nestjs/common';
import { JsonWebTokenError } from '@nestjs/jwt';
import { Authenticator } from '../../auth/authenticator.js';
import type { MemberIdentity } from '../../auth/identity.js';
import { forbidden, invalid, unauthorized } from '../../common/domain-error.js';
import { readContext, type ResourceContext, ResourceOrganizations } from '../../modules/resources/index.js';
import type { Handshake } from './msquared.handshake.js';

/** Somebody who may come in, and where they are. */
export interface Guest {
  member: MemberIdentity;
  /** When their token ends, in ms since 1970; null for never. */
  expiresAt: number | null;
  context: ResourceContext;
}

/** Decides before the upgrade who may come in: a member, with an organization that is theirs. */
@Injectable()
export class MsquaredGuests {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly organizations: ResourceOrganizations,
  ) {}

  /** Throws why they may not. */
  async admit({ headers }: Pick<Handshake, 'headers'>): Promise<Guest> {
    const { member } = await this.identify(headers);
    const names = readContext(headers);
    if (names.organization === null) {
      throw invalid('handshake.organization_required', 'Name an organization, as x-m2-organization.');
    }
    const context = await this.organizations.contextOf(member, names);
    // Once more, so that nothing stands between the answer and the session that it is for.
    return { ...(await this.identify(headers)), context };
  }

  private async identify(headers: Handshake['headers']): Promise<Omit<Guest, 'context'>> {
    const token = /^Bearer +(\S+)$/i.exec(headers.authorization?.[0] ?? '')?.[1];
    if (token === undefined) return this.identifyProgram(headers['x-api-key']?.[0]);
    try {
      const { member, expiresAt } = await this.authenticator.byToken(token);
      if (member) return { member, expiresAt };
    } catch (error) {
      if (!(error instanceof JsonWebTokenError)) throw error;
    }
    throw notKnown();
  }

  /** A session is that of a member, and programs have no keys of their own to follow. */
  private async identifyProgram(key: string | undefined): Promise<never> {
    const program = key === undefined ? null : await this.authenticator.byApiKey(key);
    if (program) throw forbidden('handshake.members_only', 'Only members can follow resources.');
    throw notKnown();
  }
}

const notKnown = () => unauthorized('auth.credential_required', 'Send a valid access token.');
