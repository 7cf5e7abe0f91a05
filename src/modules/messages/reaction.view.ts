import { z } from 'zod';
import { type MessageView, messagePath, messageSchema } from './message.view.js';

/** What happened to one emoji under a message: who, and how many there are now. */
export const reactionSchema = z
  .strictObject({
    chat_room_message_id: z.int(),
    emoji: z.string(),
    community_member_id: z.int(),
    count: z.int(),
  })
  .meta({ id: 'ChatRoomMessageReaction' });

const reactionsSchema = z.array(
  z.strictObject({
    emoji: z.string(),
    count: z.int(),
    community_member_ids: z
      .array(z.int())
      .describe('In the order of reacting. At most 100 of them, the caller always among those.'),
  }),
);

/** A message as it is read. Its events tell what was said; what others think of it is told by events of its own. */
export const messageWithReactionsSchema = messageSchema
  .extend({ reactions: reactionsSchema })
  .meta({ id: 'ChatRoomMessageWithReactions' });

export type ReactionView = z.infer<typeof reactionSchema>;
export type ReactionsView = z.infer<typeof reactionsSchema>;
export type MessageWithReactions = MessageView & { reactions: ReactionsView };

/** Where the reactions to a message live. */
export function reactionsPath(roomUuid: string, messageId: number): string {
  return `${messagePath(roomUuid, messageId)}/reactions`;
}
