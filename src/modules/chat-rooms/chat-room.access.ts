import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type AccessRule, AccessRuleFor, type Thing } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';
import { queryPrepared } from '../../database/query-prepared.js';
import { SharedLookup } from '../../database/shared-lookup.js';
import { Transactions } from '../../database/transactions.js';
import { ChatRoomParticipant, type ChatRoomPlace } from './chat-room-participant.entity.js';
import { type ChatRoomDecision, decideFor } from './chat-room.decision.js';
import type { ChatRoomKind } from './chat-room.entity.js';
import { isStoredUuid } from './chat-room.participants.js';

const FIND = `
  SELECT asked.number, participant.admin, participant.history_after_message_id, room.kind, room.show_history
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS asked (uuid, workspace_id, member_id, number)
  JOIN chat_rooms room
    ON room.uuid = asked.uuid AND room.workspace_id = asked.workspace_id AND room.deleted_at IS NULL
  JOIN chat_room_participants participant
    ON participant.chat_room_id = room.id AND participant.member_id = asked.member_id AND participant.deleted_at IS NULL`;

interface Row {
  number: string;
  admin: boolean;
  history_after_message_id: string;
  kind: ChatRoomKind;
  show_history: boolean;
}

export interface ChatRoomThing extends Thing {
  kind: 'chat_room';
  uuid: string;
}

/** Somebody and the room that they ask about. */
interface Question {
  identity: Identity;
  uuid: string;
}

/** Who may do what with one chat room, as everybody outside of this feature asks it. */
@Injectable()
@AccessRuleFor('chat_room')
export class ChatRoomAccess implements AccessRule<ChatRoomThing> {
  private readonly lookup: SharedLookup<Question, ChatRoomPlace | null>;

  constructor(
    @InjectRepository(ChatRoomParticipant) private readonly participants: Repository<ChatRoomParticipant>,
    transactions: Transactions,
  ) {
    this.lookup = new SharedLookup(transactions, (questions) => this.findPlaces(questions));
  }

  async decide(identity: Identity, { uuid }: ChatRoomThing): Promise<ChatRoomDecision | null> {
    const place = isStoredUuid(uuid) ? await this.lookup.find({ identity, uuid }) : null;
    return place && decideFor(identity, place);
  }

  /** Each asker's place in the room they ask about. */
  private async findPlaces(questions: Question[]): Promise<(ChatRoomPlace | null)[]> {
    const rows = await queryPrepared<Row>(this.participants.manager, FIND, [
      questions.map(({ uuid }) => uuid),
      questions.map(({ identity }) => identity.workspaceId),
      questions.map(({ identity }) => identity.memberId),
    ]);
    const found = new Map(rows.map((row) => [Number(row.number), toPlace(row)]));
    return questions.map((_question, index) => found.get(index + 1) ?? null);
  }
}

function toPlace({ admin, history_after_message_id, kind, show_history }: Row): ChatRoomPlace {
  const chatRoom = { kind, showHistory: show_history };
  return { admin, historyAfterMessageId: Number(history_after_message_id), chatRoom };
}
