export { ChatRoomParticipant, visibleAfter } from './chat-room-participant.entity.js';
export type { ChatRoomThing } from './chat-room.access.js';
export {
  type ChatRoomActivity,
  ChatRoomConversation,
  type MessageWords,
  type RoomListPlace,
  type RoomListQuery,
} from './chat-room.conversation.js';
export { ChatRoomDirectory, type FollowedRoom } from './chat-room.directory.js';
export { type ChatRoomAction, decideFor } from './chat-room.decision.js';
export { CHAT_ROOM_KINDS, ChatRoom, type ChatRoomKind } from './chat-room.entity.js';
export { ChatRoomParticipants } from './chat-room.participants.js';
export { ChatRoomPeople } from './chat-room.people.js';
export { ChatRoomSenders, type RecalledSenders } from './chat-room.senders.js';
export { ChatRoomTickets } from './chat-room.tickets.js';
export { ChatRoomTopic } from './chat-room.topic.js';
export {
  chatRoomSchema,
  type ChatRoomView,
  displayName,
  lessonId,
  PREVIEW_SIZE,
  toSharedChatRoomView,
} from './chat-room.view.js';
export { ChatRoomsModule } from './chat-rooms.module.js';
export { type ChatRoomParams, chatRoomParams, messageWords } from './chat-rooms.schemas.js';
export { chatRoomMembersOnly, chatRoomNotFound } from './chat-rooms.errors.js';
export { currentParticipantSchema, type CurrentParticipantView, toCurrentParticipantView } from './participant.view.js';
export { chatRoomPaths, chatRoomStreams } from './chat-rooms.streams.js';
