import { conflict, type DomainError, forbidden, notFound, unauthorized } from '../../common/domain-error.js';

export const accountEmailTaken = (): DomainError =>
  conflict('account.email_taken', 'An account with this e-mail address exists already.');

export const accountNotFound = (): DomainError => notFound('account.not_found', 'There is no such account.');

export const emailUnknown = (): DomainError =>
  unauthorized('account.email_unknown', 'There is no account with this e-mail address.');

export const passwordWrong = (): DomainError => unauthorized('account.password_wrong', 'The password is not right.');

export const roleTooLow = (): DomainError =>
  forbidden('workspace.forbidden', 'Your role in the workspace does not allow this.');
