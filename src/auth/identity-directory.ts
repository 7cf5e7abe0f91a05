import type { ApiKeyIdentity, MemberIdentity } from './identity.js';

/** Where the guards look members up; bound by the members feature. */
export abstract class MemberDirectory {
  /** The member as an identity; null when there is no such member or they may not act (removed, banned). */
  abstract findMember(id: number): Promise<MemberIdentity | null>;
}

/** Where the guards look API keys up; bound by the API keys feature. */
export abstract class ApiKeyDirectory {
  /** The key's identity; null for an unknown or malformed key. */
  abstract findApiKey(key: string): Promise<ApiKeyIdentity | null>;
}

/** Who a token of another issuer is about. Name and address are what the issuer says, and may be missing. */
export interface ExternalSubject {
  id: string;
  name?: string;
  email?: string;
}

/** Where the guards look up the members behind another issuer's subjects; bound by the members feature. */
export abstract class ExternalDirectory {
  /** The member's id; null when the subject is nobody here. A first visit may make them a member. */
  abstract findSubject(subject: ExternalSubject): Promise<number | null>;
}
