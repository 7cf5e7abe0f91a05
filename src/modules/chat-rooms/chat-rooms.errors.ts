import { conflict, forbidden, invalid, type KnownError, notFound, unprocessable } from '../../common/domain-error.js';
import type { JsonObject } from '../../common/json.js';

/** A room that does not exist and a room of others look alike. */
export const chatRoomNotFound = notFound.define(
  'chat_room.not_found',
  'There is no such chat room, or you are not in it.',
);

export const chatRoomForbidden = forbidden.define(
  'chat_room.forbidden',
  'Only those who administer the chat room may do this.',
);

export const chatRoomMembersOnly = forbidden.define(
  'chat_room.members_only',
  'Chat rooms are for members, and an API key is none.',
);

export const embeddedNotPinned = unprocessable.define(
  'chat_room.embedded_not_pinned',
  'An embedded room has its place already, so it cannot be pinned.',
);

export const embeddedIsGroup = invalid.define('chat_room.embedded_is_group', 'Only a group_chat can be embedded.');

export const embeddedForAdministrators = forbidden.define(
  'chat_room.embedded_for_administrators',
  'Only administrators of the workspace embed rooms and end them.',
);

export const embeddedExists = conflict.define(
  'chat_room.embedded_exists',
  'This space, live room or lesson has its chat room already.',
);

export const directNeedsOneOther = invalid.define(
  'chat_room.direct_needs_one_other',
  'A direct room is for you and exactly one other member.',
);

export const directHasNoName = invalid.define(
  'chat_room.direct_has_no_name',
  'A direct room is named after the other person.',
);

export const directIsForTwo = invalid.define('chat_room.direct_is_for_two', 'Nobody can join or leave a direct room.');

export const directHasNoAdmin = invalid.define(
  'chat_room.direct_has_no_admin',
  'A direct room belongs to both of its people alike.',
);

export const membersUnknown = invalid.define(
  'chat_room.members_unknown',
  'Some of these are no active members of the workspace.',
  (details: JsonObject | null) => details,
);

export const pinnedMessageUnknown = invalid.define(
  'chat_room.pinned_message_unknown',
  'The chat room has no such message to pin.',
);

export const notYourSettings = forbidden.define(
  'participant.forbidden',
  'Whether a room is muted or archived is for each participant to say.',
);

export const participantNotFound = notFound.define('participant.not_found', 'This member is not in the chat room.');

/** Whoever keeps the messages says what is wrong with the first one. */
export const firstMessageErrors: KnownError[] = [{ kind: 'invalid', code: 'message.*' }];
