import { conflict, type DomainError, forbidden, invalid, notFound, unprocessable } from '../../common/domain-error.js';
import type { JsonObject } from '../../common/json.js';

/** A room that does not exist and a room of others look alike. */
export const chatRoomNotFound = (): DomainError =>
  notFound('chat_room.not_found', 'There is no such chat room, or you are not in it.');

export const chatRoomForbidden = (): DomainError =>
  forbidden('chat_room.forbidden', 'Only those who administer the chat room may do this.');

export const chatRoomMembersOnly = (): DomainError =>
  forbidden('chat_room.members_only', 'Chat rooms are for members, and an API key is none.');

export const embeddedNotPinned = (): DomainError =>
  unprocessable('chat_room.embedded_not_pinned', 'An embedded room has its place already, so it cannot be pinned.');

export const embeddedIsGroup = (): DomainError =>
  invalid('chat_room.embedded_is_group', 'Only a group_chat can be embedded.');

export const embeddedForAdministrators = (): DomainError =>
  forbidden('chat_room.embedded_for_administrators', 'Only administrators of the workspace embed rooms and end them.');

export const embeddedExists = (): DomainError =>
  conflict('chat_room.embedded_exists', 'This space, live room or lesson has its chat room already.');

export const directNeedsOneOther = (): DomainError =>
  invalid('chat_room.direct_needs_one_other', 'A direct room is for you and exactly one other member.');

export const directHasNoName = (): DomainError =>
  invalid('chat_room.direct_has_no_name', 'A direct room is named after the other person.');

export const directIsForTwo = (): DomainError =>
  invalid('chat_room.direct_is_for_two', 'Nobody can join or leave a direct room.');

export const directHasNoAdmin = (): DomainError =>
  invalid('chat_room.direct_has_no_admin', 'A direct room belongs to both of its people alike.');

export const membersUnknown = (details: JsonObject | null): DomainError =>
  invalid('chat_room.members_unknown', 'Some of these are no active members of the workspace.', details ?? undefined);

export const pinnedMessageUnknown = (): DomainError =>
  invalid('chat_room.pinned_message_unknown', 'The chat room has no such message to pin.');

export const notYourSettings = (): DomainError =>
  forbidden('participant.forbidden', 'Whether a room is muted or archived is for each participant to say.');

export const participantNotFound = (): DomainError =>
  notFound('participant.not_found', 'This member is not in the chat room.');
