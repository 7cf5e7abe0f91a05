import { conflict, type DomainError, notFound } from '../../common/domain-error.js';

export const groupNotFound = (): DomainError => notFound('group.not_found', 'There is no such group.');

export const groupNameTaken = (): DomainError =>
  conflict('group.name_taken', 'A group with this name exists already.', { field: 'name' });

export const alreadyInGroup = (): DomainError =>
  conflict('group_member.exists', 'The member is in this group already.');

export const tooManyGroups = (): DomainError =>
  conflict('group_member.too_many_groups', 'The member is in as many groups as anybody can be.');

export const notInGroup = (): DomainError => notFound('group_member.not_found', 'The member is not in this group.');
