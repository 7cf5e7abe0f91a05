import { z } from 'zod';
import type { Identity } from '../../auth/identity.js';
import { MEMBER_ROLES, type Member } from './member.entity.js';

export const memberSchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    role: z.enum(MEMBER_ROLES),
    avatar_url: z.string().nullable(),
    headline: z.string().nullable(),
    bio: z.string().nullable(),
    location: z.string().nullable(),
    user_public_uid: z.uuid(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Member' });

export const privateMemberSchema = memberSchema.extend({ email: z.string() }).meta({ id: 'PrivateMember' });

export type MemberView = z.infer<typeof memberSchema>;
export type PrivateMemberView = z.infer<typeof privateMemberSchema>;

/** What everybody in the workspace may see, and all that events carry. */
export function toMemberView(member: Member): MemberView {
  return {
    id: member.id,
    name: member.name,
    role: member.role,
    avatar_url: member.avatarUrl ?? null,
    headline: member.headline ?? null,
    bio: member.bio ?? null,
    location: member.location ?? null,
    user_public_uid: member.userPublicUid,
    created_at: member.createdAt.toISOString(),
    updated_at: member.updatedAt.toISOString(),
  };
}

/** What the member and the administrators see besides. */
export function toPrivateMemberView(member: Member): PrivateMemberView {
  return { ...toMemberView(member), email: member.email };
}

/** The view of a member that this caller may have. */
export function memberViewFor(identity: Identity): (member: Member) => MemberView | PrivateMemberView {
  return (member) =>
    identity.administrator || identity.memberId === member.id ? toPrivateMemberView(member) : toMemberView(member);
}
