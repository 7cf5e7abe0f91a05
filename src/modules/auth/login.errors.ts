import { type DomainError, notFound, unauthorized } from '../../common/domain-error.js';

/** One answer for an unknown address, a wrong password and a member who may not log in. */
export const loginFailed = (): DomainError => unauthorized('auth.login_failed', 'E-mail address or password is wrong.');

export const refreshTokenInvalid = (): DomainError =>
  unauthorized('auth.refresh_token_invalid', 'The refresh token is not valid: log in again.');

export const refreshTokenReused = (): DomainError =>
  unauthorized(
    'auth.refresh_token_reused',
    'The refresh token had been used before, so its login has ended: log in again.',
  );

export const workspaceNotFound = (): DomainError => notFound('workspace.not_found', 'There is no such workspace.');
