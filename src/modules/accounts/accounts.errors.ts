import { conflict, forbidden, notFound, unauthorized } from '../../common/domain-error.js';

export const accountEmailTaken = conflict.define(
  'account.email_taken',
  'An account with this e-mail address exists already.',
);

export const accountNotFound = notFound.define('account.not_found', 'There is no such account.');

export const emailUnknown = unauthorized.define(
  'account.email_unknown',
  'There is no account with this e-mail address.',
);

export const passwordWrong = unauthorized.define('account.password_wrong', 'The password is not right.');

export const roleTooLow = forbidden.define('workspace.forbidden', 'Your role in the workspace does not allow this.');
