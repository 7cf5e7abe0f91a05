import { notFound, unauthorized } from '../../common/domain-error.js';

/** One answer for an unknown address, a wrong password and a member who may not log in. */
export const loginFailed = unauthorized.define('auth.login_failed', 'E-mail address or password is wrong.');

export const refreshTokenInvalid = unauthorized.define(
  'auth.refresh_token_invalid',
  'The refresh token is not valid: log in again.',
);

export const refreshTokenReused = unauthorized.define(
  'auth.refresh_token_reused',
  'The refresh token had been used before, so its login has ended: log in again.',
);

export const workspaceNotFound = notFound.define('workspace.not_found', 'There is no such workspace.');
