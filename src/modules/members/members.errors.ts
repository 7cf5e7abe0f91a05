import { conflict, type DomainError, forbidden, notFound } from '../../common/domain-error.js';

export const memberNotFound = (): DomainError => notFound('member.not_found', 'There is no such member.');

export const membersNotFound = (ids: number[]): DomainError =>
  notFound('member.not_found', 'Some of these members do not exist.', { member_ids: ids });

export const emailTaken = (): DomainError =>
  conflict('member.email_taken', 'A member with this e-mail address exists already.');

export const usernameTaken = (): DomainError =>
  conflict('member.username_taken', 'A member with this username exists already.');

export const externalIdTaken = (): DomainError =>
  conflict('member.external_id_taken', 'This external id belongs, or belonged, to another member.');

export const membersOnly = (): DomainError =>
  forbidden('member.members_only', 'This is about the calling member, and an API key is none.');

export const administratorsOnly = (): DomainError =>
  forbidden('auth.administrators_only', 'Only administrators of the workspace may do this.');

export const passwordWrong = (): DomainError =>
  forbidden('member.password_wrong', 'The current password is not right.', { field: 'current_password' });
