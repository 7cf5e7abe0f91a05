import type { Decision, VisibleEvent } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';
import { type ChatRoomPlace, visibleAfter } from './chat-room-participant.entity.js';

/** `manage`: change and delete the room, and who is in it. `moderate`: delete what others wrote. */
export type ChatRoomAction = 'read' | 'subscribe' | 'send' | 'manage' | 'moderate';

export interface ChatRoomDecision extends Decision {
  actions: ReadonlySet<ChatRoomAction>;
}

/**
 * What a participant may do; the one rule behind REST, joins and delivery. Nobody else knows of the room, whatever they
 * administer. A direct room belongs to both of its people alike.
 */
export function decideFor(identity: Identity, participant: ChatRoomPlace): ChatRoomDecision {
  const actions = new Set<ChatRoomAction>(['read', 'subscribe', 'send']);
  const leads = participant.admin || identity.administrator;
  if (leads || participant.chatRoom.kind === 'direct') actions.add('manage');
  if (leads) actions.add('moderate');
  const after = visibleAfter(participant);
  return after === 0 ? { actions } : { actions, sees: (event) => isSentAfter(event, after) };
}

/** Edits and deletes of a hidden message, and what others say to it, are as hidden as the message. */
function isSentAfter({ type, resource }: VisibleEvent, messageId: number): boolean {
  if (type === 'message') return Number(resource?.id) > messageId;
  return type !== 'reaction' || Number(resource?.chat_room_message_id) > messageId;
}
