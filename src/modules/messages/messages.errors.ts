import { conflict, type DomainError, forbidden, invalid, notFound, unprocessable } from '../../common/domain-error.js';

export const messageNotFound = (): DomainError => notFound('message.not_found', 'The chat room has no such message.');

export const threadNotFound = (): DomainError =>
  notFound('chat_thread.not_found', 'There is no such thread, or you are not in its chat room.');

export const messageForbidden = (): DomainError =>
  forbidden('message.forbidden', 'Only the author edits a message; those who administer the room may delete it too.');

export const messageEmpty = (): DomainError => invalid('message.empty', 'A message has to say something.');

export const messageTooLong = (limits: { characters: number } | { bytes: number }): DomainError =>
  invalid('message.too_long', 'The message is too long.', { limit: limits });

export const richTextMalformed = (): DomainError =>
  invalid('message.rich_text_malformed', 'rich_text_body is no document, or one that is nested too deeply.');

export const parentUnknown = (): DomainError =>
  invalid('message.parent_unknown', 'The chat room has no such message to reply to.');

export const creationUuidTaken = (): DomainError =>
  conflict('message.creation_uuid_taken', 'Another message of the chat room has this creation_uuid already.');

export const tooManyReactions = (maximum: number): DomainError =>
  unprocessable('reaction.too_many', 'The message has enough different reactions.', { limit: maximum });
