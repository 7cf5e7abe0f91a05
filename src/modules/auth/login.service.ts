import { Injectable } from '@nestjs/common';
import { AccessTokens } from '../../auth/access-tokens.js';
import { Transactions } from '../../database/transactions.js';
import { type Login, MembersService, Passwords, RefreshTokensService, toPrivateMemberView } from '../members/index.js';
import { WorkspacesService } from '../workspaces/index.js';
import { loginFailed, refreshTokenInvalid, refreshTokenReused, workspaceNotFound } from './login.errors.js';
import type { Credentials, Register, Session } from './login.schemas.js';

/** Turns a password or a refresh token into the tokens of a session. */
@Injectable()
export class LoginService {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly members: MembersService,
    private readonly passwords: Passwords,
    private readonly refreshTokens: RefreshTokensService,
    private readonly accessTokens: AccessTokens,
    private readonly transactions: Transactions,
  ) {}

  async register({ email, password, name, workspace }: Register): Promise<Session> {
    const workspaceId = await this.workspaces.findId(workspace);
    if (workspaceId === null) throw workspaceNotFound();
    // Before the transaction: hashing takes longer than all of its statements.
    const passwordHash = await this.passwords.hash(password);
    const login = await this.transactions.run(async () =>
      this.refreshTokens.start(await this.members.create({ workspaceId, email, name, passwordHash })),
    );
    return this.session(login);
  }

  async login({ email, password, workspace }: Credentials): Promise<Session> {
    const workspaceId = await this.workspaces.findId(workspace);
    const member = workspaceId === null ? null : await this.members.findForLogin({ workspaceId, email });
    const right = await this.passwords.verify(member?.passwordHash ?? null, password);
    if (!member || !right || member.bannedAt !== null) throw loginFailed();
    return this.session(await this.refreshTokens.start(member));
  }

  async refresh(refreshToken: string): Promise<Session> {
    const login = await this.refreshTokens.rotate(refreshToken);
    if (login === 'reused') throw refreshTokenReused();
    if (login === 'invalid') throw refreshTokenInvalid();
    return this.session(login);
  }

  /** Ends the login; that there is none (any more) is no error. */
  logout(refreshToken: string): Promise<void> {
    return this.refreshTokens.revoke(refreshToken);
  }

  /** Ends all logins of the member; access tokens and live sessions stop with them, on every node. */
  logoutEverywhere(memberId: number): Promise<void> {
    return this.members.endLogins(memberId);
  }

  private session({ member, refreshToken }: Login): Session {
    return {
      access_token: this.accessTokens.sign(member),
      refresh_token: refreshToken,
      expires_in: this.accessTokens.lifetimeSeconds,
      member: toPrivateMemberView(member),
    };
  }
}
