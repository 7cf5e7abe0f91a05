import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Transactions } from '../../database/transactions.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomConversation } from './chat-room.conversation.js';
import { decideFor } from './chat-room.decision.js';
import { ChatRoomParticipants } from './chat-room.participants.js';
import { ChatRoomPeople } from './chat-room.people.js';
import { chatRoomForbidden, directHasNoAdmin, notYourSettings, participantNotFound } from './chat-rooms.errors.js';
import type { UpdateParticipant } from './chat-rooms.schemas.js';
import {
  type CurrentParticipantView,
  type ParticipantView,
  toCurrentParticipantView,
  toParticipantView,
} from './participant.view.js';

/** Changes what holds for one participant: what they set for themselves, and whether they administer the room. */
@Injectable()
export class ParticipantSettings {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly people: ChatRoomPeople,
    private readonly conversation: ChatRoomConversation,
  ) {}

  /** Gives the participant as the caller may see them. */
  change(
    identity: Identity,
    uuid: string,
    memberId: number,
    { admin, ...own }: UpdateParticipant,
  ): Promise<CurrentParticipantView | ParticipantView> {
    return this.transactions.run(async (manager) => {
      // Nobody sends while a room is archived: what comes later has to be told from what was there.
      const alone = own.archived === true;
      const caller = await this.participants.requireForChange(manager, identity, 'read', uuid, { alone });
      const { chatRoom, chatRoomId } = caller;
      const isSelf = memberId === caller.memberId;
      const found = isSelf ? caller : await manager.findOneBy(ChatRoomParticipant, { chatRoomId, memberId });
      if (!found) throw participantNotFound();
      if (!isSelf && (own.muted ?? own.archived) !== undefined) throw notYourSettings();
      if (admin !== undefined) {
        if (chatRoom.kind === 'direct') throw directHasNoAdmin();
        if (!decideFor(identity, caller).actions.has('manage')) throw chatRoomForbidden();
      }
      const participant = Object.assign(found, { chatRoom });
      await this.people.fill(manager, [participant]);
      if (admin !== undefined) participant.admin = admin;
      if (own.muted !== undefined) participant.muted = own.muted;
      if (own.archived !== undefined) await this.archive(manager, participant, own.archived);
      await manager.save(participant);
      if (!isSelf) return toParticipantView(participant);
      const activity = await this.conversation.activity(manager, [participant]);
      return toCurrentParticipantView(participant, activity.get(participant.id)!);
    });
  }

  /** A root message may have taken the room out of the archive in the meantime: what counts is what the member sees. */
  private async archive(manager: EntityManager, participant: ChatRoomParticipant, wanted: boolean): Promise<void> {
    const activity = await this.conversation.activity(manager, [participant]);
    if (activity.get(participant.id)!.archived === wanted) return;
    participant.archived = wanted;
    if (!wanted) return;
    participant.archivedAfterMessageId = await this.conversation.newestMessageId(manager, participant.chatRoomId);
  }
}
