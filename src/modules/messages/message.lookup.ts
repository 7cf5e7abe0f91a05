import type { EntityManager } from 'typeorm';
import { type ChatRoomParticipant, visibleAfter } from '../chat-rooms/index.js';
import { Message } from './message.entity.js';

/** One message with a participant's eyes: what is deleted, hidden from them, or of another room is not there. */
export async function findMessage(
  manager: EntityManager,
  participant: ChatRoomParticipant,
  id: number,
): Promise<Message | null> {
  if (id <= visibleAfter(participant)) return null;
  const { chatRoomId, chatRoom } = participant;
  const message = await manager.findOneBy(Message, { id, chatRoomId });
  return message && Object.assign(message, { chatRoom });
}

/**
 * As `findMessage`, and nobody else changes the message or its thread until the transaction ends. The root is held first:
 * the changes of a thread come one after the other, so the counts that their events carry are right.
 */
export async function holdMessage(
  manager: EntityManager,
  participant: ChatRoomParticipant,
  id: number,
): Promise<Message | null> {
  const found = await findMessage(manager, participant, id);
  if (!found) return null;
  const root = await hold(manager, found, found.parentMessageId ?? id);
  return found.parentMessageId === null || !root ? root : hold(manager, found, id);
}

/** The root of the thread in which one may reply to this message, held as by `holdMessage`. */
export async function holdRootOf(
  manager: EntityManager,
  participant: ChatRoomParticipant,
  id: number,
): Promise<Message | null> {
  const found = await findMessage(manager, participant, id);
  return found && hold(manager, found, found.parentMessageId ?? id);
}

/** Null when it has been deleted in the meantime. */
async function hold(manager: EntityManager, { chatRoom }: Message, id: number): Promise<Message | null> {
  const message = await manager.findOne(Message, { where: { id }, lock: { mode: 'for_no_key_update' } });
  return message && Object.assign(message, { chatRoom });
}
