import { conflict, type DomainError, notFound } from '../../common/domain-error.js';

export const groupNotFound = (): DomainError => notFound('group.not_found', 'There is no such group.');

export const groupNameTaken = (): DomainError =>
  conflict('group.name_taken', 'A group with this name exists already.', { field: 'name' });

export const notInGroup = (): DomainError => notFound('group_member.not_found', 'The member is not in this group.');
