import { z } from 'zod';
import { idPageQuery, pageSchema } from '../../common/paging.js';
import { emailAddress, text, trimmedText, webAddress } from '../../common/text.js';
import { roomTicketsSchema, websocketsFlag } from '../../realtime/room-tokens.schemas.js';
import { MEMBER_ROLES } from './member.entity.js';
import { memberSchema, privateMemberSchema } from './member.view.js';

export const passwordText = text(8, 200);
export const memberName = trimmedText(1, 100);

/** What a member tells about themselves. */
const profile = {
  avatar_url: webAddress.nullable().optional(),
  headline: trimmedText(0, 200).nullable().optional(),
  bio: trimmedText(0, 5000).nullable().optional(),
  location: trimmedText(0, 200).nullable().optional(),
};

export const createMemberSchema = z
  .strictObject({
    email: emailAddress,
    password: passwordText.optional(),
    external_id: text(1, 255).optional().describe('The subject under which another issuer knows the member.'),
    name: memberName,
    role: z.enum(MEMBER_ROLES).default('member'),
    ...profile,
  })
  .refine((body) => body.password !== undefined || body.external_id !== undefined, {
    path: ['password'],
    message: 'is needed, unless external_id says who vouches for the member',
  })
  .meta({ id: 'CreateMember' });

/** What an administrator may change of somebody else. */
export const changeMemberSchema = z.strictObject({ role: z.enum(MEMBER_ROLES) }).meta({ id: 'ChangeMember' });

export const updateMeSchema = z
  .strictObject({
    name: memberName.optional(),
    ...profile,
    password: passwordText.optional(),
    current_password: text(1, 200).optional(),
  })
  .refine((body) => (body.password === undefined) === (body.current_password === undefined), {
    path: ['current_password'],
    message: 'goes together with password',
  })
  .meta({ id: 'UpdateMe' });

export const meQuerySchema = z.strictObject({ websockets: websocketsFlag });

export const listMembersSchema = z.strictObject({
  ...idPageQuery,
  q: trimmedText(0, 100).default(''),
  websockets: websocketsFlag,
});

export const meReplySchema = privateMemberSchema
  .extend({ websockets: roomTicketsSchema.optional() })
  .meta({ id: 'Me' });

export const memberReplySchema = z.union([privateMemberSchema, memberSchema]);

export const memberPageSchema = pageSchema(memberReplySchema)
  .extend({ websockets: roomTicketsSchema.optional() })
  .meta({ id: 'MemberPage' });

export type CreateMember = z.infer<typeof createMemberSchema>;
export type ChangeMember = z.infer<typeof changeMemberSchema>;
export type UpdateMe = z.infer<typeof updateMeSchema>;
export type MeQuery = z.infer<typeof meQuerySchema>;
export type ListMembers = z.infer<typeof listMembersSchema>;
