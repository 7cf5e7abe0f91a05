import { z } from 'zod';
import { pageSchema } from '../../common/paging.js';
import type { GroupMember } from './group-member.entity.js';
import type { Group } from './group.entity.js';

export const groupSchema = z
  .strictObject({
    id: z.int(),
    label: z.string(),
    name: z.string().nullable(),
    description: z.string(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Group' });

export const groupPageSchema = pageSchema(groupSchema).meta({ id: 'GroupPage' });

export type GroupView = z.infer<typeof groupSchema>;

export function toGroupView(group: Group): GroupView {
  return {
    id: group.id,
    label: group.label,
    name: group.name ?? null,
    description: group.description,
    created_at: group.createdAt.toISOString(),
  };
}

export const groupMemberSchema = z
  .strictObject({ group_id: z.int(), member_id: z.int(), created_at: z.iso.datetime() })
  .meta({ id: 'GroupMember' });

export type GroupMemberView = z.infer<typeof groupMemberSchema>;

/** What the member is told about being in a group, or not any more. */
export function toGroupMemberView({ groupId, memberId, createdAt }: GroupMember): GroupMemberView {
  return { group_id: groupId, member_id: memberId, created_at: createdAt.toISOString() };
}
