import { forbidden, unauthorized, unavailable } from '../common/domain-error.js';

export const credentialRequired = unauthorized.define(
  'auth.credential_required',
  'Send a valid access token (Authorization: Bearer ...) or API key (X-API-KEY).',
);

export const tokenExpired = unauthorized.define('auth.token_expired', 'The access token has expired.');

export const tokenInvalid = unauthorized.define('auth.token_invalid', 'The access token is not valid.');

export const issuerUnavailable = unavailable.define(
  'auth.issuer_unavailable',
  'The issuer of the token cannot be asked right now.',
);

export const administratorsOnly = forbidden.define(
  'auth.administrators_only',
  'Only administrators of the workspace may do this.',
);
