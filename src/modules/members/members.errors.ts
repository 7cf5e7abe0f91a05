import { conflict, forbidden, notFound } from '../../common/domain-error.js';

export const memberNotFound = notFound.define('member.not_found', 'There is no such member.');

export const membersNotFound = notFound.define(
  'member.not_found',
  'Some of these members do not exist.',
  (ids: number[]) => ({ member_ids: ids }),
);

export const emailTaken = conflict.define('member.email_taken', 'A member with this e-mail address exists already.');

export const usernameTaken = conflict.define('member.username_taken', 'A member with this username exists already.');

export const externalIdTaken = conflict.define(
  'member.external_id_taken',
  'This external id belongs, or belonged, to another member.',
);

export const membersOnly = forbidden.define(
  'member.members_only',
  'This is about the calling member, and an API key is none.',
);

export const passwordWrong = forbidden.define('member.password_wrong', 'The current password is not right.', {
  field: 'current_password',
});
