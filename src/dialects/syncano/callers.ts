import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hasRole, type Identity, type MemberIdentity } from '../../auth/identity.js';
import { ApiKeyDirectory, MemberDirectory } from '../../auth/identity-directory.js';
import { type Account, AccountsService, WorkspaceAdministration } from '../../modules/accounts/index.js';
import { MemberKeys } from '../../modules/members/index.js';
import { type Workspace, WorkspacesService } from '../../modules/workspaces/index.js';
import { credentialsOf } from './wire/credentials.js';
import { forbidden, noSuchKey, notFound, parentMissing } from './wire/errors.js';

/** Who calls, and about which instance. */
export interface Caller {
  instance: Workspace;
  identity: Identity;
}

/** What the guards leave on a request. */
export type CalledRequest = FastifyRequest & { caller?: Caller; account?: Account };

/** Finds out who calls from the keys of a request. */
@Injectable()
export class Callers {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly accounts: AccountsService,
    private readonly administration: WorkspaceAdministration,
    private readonly apiKeys: ApiKeyDirectory,
    private readonly memberKeys: MemberKeys,
    private readonly members: MemberDirectory,
  ) {}

  /** In the order of the dialect: the instance, the key, and whether the key opens this instance. */
  async identify(request: FastifyRequest): Promise<Caller> {
    const { instance: name } = request.params as { instance: string };
    const instance = await this.workspaces.find(name);
    if (!instance) throw parentMissing('Instance');
    const identity = await this.identityIn(instance, request);
    return { instance, identity };
  }

  /** The administrator behind an account key; null for an API key that exists. */
  async account(request: FastifyRequest): Promise<Account | null> {
    const { apiKey } = credentialsOf(request);
    if (apiKey === null) throw forbidden();
    const account = await this.accounts.findByKey(apiKey);
    if (!account && !(await this.apiKeys.findApiKey(apiKey))) throw noSuchKey();
    return account;
  }

  private async identityIn(instance: Workspace, request: FastifyRequest): Promise<Identity> {
    const { apiKey, userKey } = credentialsOf(request);
    if (apiKey === null) throw forbidden();
    const program = await this.apiKeys.findApiKey(apiKey);
    if (!program) return this.administratorOf(instance, apiKey, request);
    if (program.workspaceId !== instance.id) throw noSuchKey();
    const member = userKey === null ? null : await this.memberBehind(userKey, instance.id);
    if (!member) return program;
    const { apiKeyId, ignoreAcl } = program;
    // Through a program everybody acts as the user that they are, whatever else they are in the workspace.
    return { ...member, administrator: false, apiKeyId, ignoreAcl };
  }

  private async administratorOf(instance: Workspace, accountKey: string, request: FastifyRequest): Promise<Identity> {
    const account = await this.accounts.findByKey(accountKey);
    if (!account) throw noSuchKey();
    const reading = request.method === 'GET' || request.method === 'HEAD';
    const identity = await this.administration.identityOf(account, instance.id);
    if (!identity) throw reading && isInstanceItself(request) ? notFound() : forbidden();
    if (!reading && !hasRole(identity, 'write')) throw forbidden();
    return identity;
  }

  /** Null for a key that nobody has, or somebody who may not act: the request then goes on without a user. */
  private async memberBehind(userKey: string, workspaceId: number): Promise<MemberIdentity | null> {
    const id = await this.memberKeys.find(userKey);
    const member = id === null ? null : await this.members.findMember(id);
    return member?.workspaceId === workspaceId ? member : null;
  }
}

function isInstanceItself({ routeOptions }: FastifyRequest): boolean {
  return /\/:instance\/?$/.test(routeOptions.url ?? '');
}

/** The caller, as the guard found them. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CalledRequest>();
  if (!caller) throw new Error('CurrentCaller on a route without the instance guard');
  return caller;
});
