import { conflict, notFound } from '../../common/domain-error.js';

export const groupNotFound = notFound.define('group.not_found', 'There is no such group.');

export const groupNameTaken = conflict.define('group.name_taken', 'A group with this name exists already.', {
  field: 'name',
});

export const alreadyInGroup = conflict.define('group_member.exists', 'The member is in this group already.');

export const tooManyGroups = conflict.define(
  'group_member.too_many_groups',
  'The member is in as many groups as anybody can be.',
);

export const notInGroup = notFound.define('group_member.not_found', 'The member is not in this group.');
