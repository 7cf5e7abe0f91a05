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
}

/** Who is asking, whatever the door and the credential. */
export type Identity = MemberIdentity | ApiKeyIdentity;

/** How events and logs name an identity: ids only. */
export function authorOf(identity: Identity): Author {
  return identity.kind === 'member' ? { member: identity.memberId } : { api_key: identity.apiKeyId };
}

/** A key under which to count or remember what a caller does, whatever token they use. */
export function callerKey(identity: Identity): string {
  return identity.kind === 'member' ? `member:${identity.memberId}` : `api_key:${identity.apiKeyId}`;
}
