import { createHash } from 'node:crypto';
import { emailAddress } from '../../common/text.js';
import type { Member } from './member.entity.js';
import { memberName } from './members.schemas.js';

const PLACEHOLDER = '@username.invalid';

type Named = Pick<Member, 'username' | 'email' | 'name'>;

/** Somebody who is known by a name only: how that name fills the place of an address and of a name to show. */
export function namedByUsername(username: string): Named {
  const stored = toUsername(username);
  return {
    username: stored,
    email: emailAddress.safeParse(username).data ?? placeholder(stored),
    name: memberName.safeParse(username.slice(0, 100)).data ?? 'Member',
  };
}

/** The same for somebody who takes another name: a real address stays theirs. */
export function renamed({ email }: Pick<Member, 'email'>, username: string): Partial<Named> {
  const named = namedByUsername(username);
  return email.endsWith(PLACEHOLDER) ? { username: named.username, email: named.email } : { username: named.username };
}

/** The form in which names are stored and compared. */
export function toUsername(username: string): string {
  return username.trim().toLowerCase();
}

/** The name that a member logs in with: those who came with an address have that. */
export function usernameOf({ username, email }: Pick<Member, 'username' | 'email'>): string {
  return username ?? email;
}

/** An address is needed, and nobody can have this one. */
function placeholder(username: string): string {
  return `${createHash('sha256').update(username).digest('hex').slice(0, 32)}${PLACEHOLDER}`;
}
