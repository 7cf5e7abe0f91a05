import { type DomainError, invalid, notFound } from '../../common/domain-error.js';

/** Somebody else's look as if they did not exist. */
export const notificationNotFound = (): DomainError =>
  notFound('notification.not_found', 'You have no such notification.');

export const actorUnknown = (): DomainError =>
  invalid('notification.actor_unknown', 'The actor is no active member of the workspace.');
