import type { Author } from '../common/author.js';

/** A person inside one workspace. */
export interface MemberIdentity {
  kind: 'member';
  memberId: number;
  workspaceId: number;
  /** May administer the workspace: channels, groups, members, keys. */
  administrator: boolean;
  /** The member logged out everywhere at this time, in ms: what was issued before is of no more use. Absent: never. */
  tokensValidAfter?: number;
  /** The program through which the member acts, where it is one. */
  apiKeyId?: number;
  /** That program's key spares them the permission checks. */
  ignoreAcl?: boolean;
}

/** A program, bound to a workspace by its API key. */
export interface ApiKeyIdentity {
  kind: 'api_key';
  apiKeyId: number;
  workspaceId: number;
  memberId: null;
  administrator: false;
  /** No permission checks on channels, their history, classes and objects. */
  ignoreAcl: boolean;
  /** May read what every member may read. */
  allowAnonymousRead?: boolean;
}

/** What an account may do in a workspace, from most to least; each role includes those after it. */
export const WORKSPACE_ROLES = ['owner', 'full', 'write', 'read'] as const;
export type WorkspaceRoleName = (typeof WORKSPACE_ROLES)[number];

/** Somebody who administers a workspace from outside of it, by their account key. */
export interface AccountIdentity {
  kind: 'account';
  accountId: number;
  workspaceId: number;
  memberId: null;
  role: WorkspaceRoleName;
  /** May change the workspace: every role but `read`. */
  administrator: boolean;
}

/** Who is asking, whatever the door and the credential. */
export type Identity = MemberIdentity | ApiKeyIdentity | AccountIdentity;

/** Whether an account with the one role may do what the other one may. */
export function hasRole({ role }: Pick<AccountIdentity, 'role'>, wanted: WorkspaceRoleName): boolean {
  return WORKSPACE_ROLES.indexOf(role) <= WORKSPACE_ROLES.indexOf(wanted);
}

/** How events and logs name an identity: ids only. */
export function authorOf(identity: Identity): Author {
  switch (identity.kind) {
    case 'member':
      return { ...(identity.apiKeyId !== undefined && { api_key: identity.apiKeyId }), member: identity.memberId };
    case 'api_key':
      return { api_key: identity.apiKeyId };
    case 'account':
      return { account: identity.accountId };
  }
}

/** A key under which to count or remember what a caller does, whatever token they use. */
export function callerKey(identity: Identity): string {
  switch (identity.kind) {
    case 'member':
      return `member:${identity.memberId}`;
    case 'api_key':
      return `api_key:${identity.apiKeyId}`;
    case 'account':
      return `account:${identity.accountId}`;
  }
}
