import { conflict, forbidden, invalid, notFound, unprocessable } from '../../common/domain-error.js';

export const messageNotFound = notFound.define('message.not_found', 'The chat room has no such message.');

export const threadNotFound = notFound.define(
  'chat_thread.not_found',
  'There is no such thread, or you are not in its chat room.',
);

export const messageForbidden = forbidden.define(
  'message.forbidden',
  'Only the author edits a message; those who administer the room may delete it too.',
);

export const messageEmpty = invalid.define('message.empty', 'A message has to say something.');

export const messageTooLong = invalid.define(
  'message.too_long',
  'The message is too long.',
  (limit: { characters: number } | { bytes: number }) => ({ limit }),
);

export const richTextMalformed = invalid.define(
  'message.rich_text_malformed',
  'rich_text_body is no document, or one that is nested too deeply.',
);

export const parentUnknown = invalid.define('message.parent_unknown', 'The chat room has no such message to reply to.');

export const creationUuidTaken = conflict.define(
  'message.creation_uuid_taken',
  'Another message of the chat room has this creation_uuid already.',
);

export const tooManyReactions = unprocessable.define(
  'reaction.too_many',
  'The message has enough different reactions.',
  (maximum: number) => ({ limit: maximum }),
);

/** With what the content of a message is refused. */
export const contentErrors = [messageEmpty, messageTooLong, richTextMalformed];
