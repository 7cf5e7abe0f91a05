import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ExternalDirectory, type ExternalSubject } from '../../auth/identity-directory.js';
import { DomainError } from '../../common/domain-error.js';
import { Remembered } from '../../common/remembered.js';
import { emailAddress } from '../../common/text.js';
import { Settings } from '../../config/settings.js';
import { MAIN_WORKSPACE } from '../workspaces/index.js';
import { Member } from './member.entity.js';
import { memberName } from './members.schemas.js';
import { MembersService } from './members.service.js';
import { NO_PASSWORD } from './passwords.js';

const MAX_ID_LENGTH = 255;

/** Finds the members behind the subjects of the other issuer and, where the settings allow it, makes new ones. */
@Injectable()
export class ExternalMembers extends ExternalDirectory {
  private readonly logger = new Logger(ExternalMembers.name);
  /** A subject stays with its member for ever. */
  private readonly known = new Remembered<number>();

  constructor(
    @InjectRepository(Member) private readonly members: Repository<Member>,
    private readonly service: MembersService,
    private readonly settings: Settings,
  ) {
    super();
  }

  async findSubject(subject: ExternalSubject): Promise<number | null> {
    const known = this.known.get(subject.id);
    if (known !== undefined) return known;
    if (subject.id.length > MAX_ID_LENGTH || subject.id.includes('\0')) return null;
    const id = (await this.find(subject.id)) ?? (this.settings.jwtProvision ? await this.create(subject) : null);
    if (id === null) return null;
    this.known.set(subject.id, id);
    return id;
  }

  /** Also somebody who has been removed: they stay nobody. */
  private async find(externalId: string): Promise<number | null> {
    const where = { workspaceId: MAIN_WORKSPACE.id, externalId };
    const member = await this.members.findOne({ select: { id: true }, where, withDeleted: true });
    return member?.id ?? null;
  }

  private async create({ id: externalId, ...claims }: ExternalSubject): Promise<number | null> {
    const email = emailAddress.safeParse(claims.email).data ?? placeholder(externalId);
    const name = memberName.safeParse(claims.name).data ?? 'Member';
    const workspaceId = MAIN_WORKSPACE.id;
    try {
      return (await this.service.create({ workspaceId, email, name, passwordHash: NO_PASSWORD, externalId })).id;
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
      // Somebody else made them at the same time. Or the address is somebody's who never said that the two are one.
      const found = await this.find(externalId);
      if (found === null)
        this.logger.warn(`A subject of the other issuer has an address that a member uses: ${error.code}`);
      return found;
    }
  }
}

/** An address is needed, and nobody can have this one. */
function placeholder(externalId: string): string {
  return `${createHash('sha256').update(externalId).digest('hex').slice(0, 32)}@external.invalid`;
}
