import { invalid, notFound } from '../../common/domain-error.js';

/** Somebody else's look as if they did not exist. */
export const notificationNotFound = notFound.define('notification.not_found', 'You have no such notification.');

export const actorUnknown = invalid.define(
  'notification.actor_unknown',
  'The actor is no active member of the workspace.',
);
