import { z } from 'zod';
import { emoji } from './emoji.js';
import { messageParams } from './messages.schemas.js';

export const reactSchema = z
  .strictObject({ emoji: emoji.describe('A name such as `thumbsup`, or one emoji as it is drawn.') })
  .meta({ id: 'ReactToChatRoomMessage' });

export const reactionParams = messageParams.extend({ emoji });

export type React = z.infer<typeof reactSchema>;
export type ReactionParams = z.infer<typeof reactionParams>;
