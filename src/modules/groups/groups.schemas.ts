import { z } from 'zod';
import { id, idText } from '../../common/ids.js';
import { idPageQuery } from '../../common/paging.js';
import { trimmedText } from '../../common/text.js';

/** Members that one call may add. */
const MAXIMUM_MEMBERS = 1000;

const label = trimmedText(1, 100);
const description = trimmedText(0, 1000);
const name = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/, 'must be words of a-z and 0-9, joined by - or _')
  .nullable();

export const createGroupSchema = z
  .strictObject({ label, name: name.default(null), description: description.default('') })
  .meta({ id: 'CreateGroup' });

export const updateGroupSchema = z
  .strictObject({ label: label.optional(), name: name.optional(), description: description.optional() })
  .meta({ id: 'UpdateGroup' });

export const addMembersSchema = z
  .union([
    z.strictObject({ member_id: id }).transform(({ member_id }) => [member_id]),
    z.strictObject({ member_ids: z.array(id).min(1).max(MAXIMUM_MEMBERS) }).transform(({ member_ids }) => member_ids),
  ])
  .transform((ids) => [...new Set(ids)])
  .meta({ id: 'AddGroupMembers' });

export const pageQuery = z.strictObject(idPageQuery);
export const groupMemberParams = z.strictObject({ id: idText, member_id: idText });

export type CreateGroup = z.infer<typeof createGroupSchema>;
export type UpdateGroup = z.infer<typeof updateGroupSchema>;
export type GroupMemberParams = z.infer<typeof groupMemberParams>;
