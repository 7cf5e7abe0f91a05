import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Remembered } from '../../common/remembered.js';
import { arrayLiteral } from '../../database/array-literal.js';
import type { Parameter } from '../../database/lone-statement.js';
import type { AppendOptions } from '../../events/append-statement.js';
import { EventLog } from '../../events/event-log.js';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { roomLocks } from './chat-room.locks.js';
import { ChatRoomParticipants, isStoredUuid } from './chat-room.participants.js';
import { ChatRoomPeople } from './chat-room.people.js';
import { chatRoomStreams } from './chat-rooms.streams.js';

/** Whatever else may have changed a room, past its events, counts after that. */
const REMEMBERED_MS = 60_000;

/** PostgreSQL gives a row a new xmin whenever it is written, by whomever. */
const VERSIONS = 'SELECT id, xmin::text AS version FROM members WHERE id = ANY($1::bigint[])';

const SENDER_UNCHANGED = 'EXISTS (SELECT FROM members WHERE id = ?::bigint AND xmin = ?::xid)';

const SENDERS_UNCHANGED = `
  (SELECT count(*) = ? FROM members JOIN unnest(?::bigint[], ?::xid[]) AS known (id, seen) USING (id)
   WHERE members.xmin = seen)`;

/** Subqueries are asked once; as plain conditions they would be asked for each row. */
const IN_TURN = `(SELECT ${roomLocks.passGate('?')} IS NOT NULL AND ${roomLocks.takeTurn('?')} IS NOT NULL)`;
const ONE_UNCHANGED = `${IN_TURN} AND ${SENDER_UNCHANGED}`;
const ALL_UNCHANGED = `${IN_TURN} AND ${SENDERS_UNCHANGED}`;

/** The name of a room's stream ends with its uuid. */
const FREE = roomLocks.tryToSend('right(st.name, 36)');

/** Somebody in a room, with the room and the member, in the state in which they were read. */
interface Sender {
  participant: ChatRoomParticipant;
  /** Of the member: what a message shows of its sender. */
  version: string;
  /** Of the room. */
  rules: number;
}

/** Senders of one room, as remembered. */
export interface RecalledSenders {
  uuid: string;
  senders: Map<number | null, ChatRoomParticipant>;
  /** By member, of those senders. */
  versions: Map<number, string>;
  rules: number;
}

/**
 * Finds those who send. Remembers them, so that a busy room need not be read for every message.
 *
 * Senders of one room take turns, behind its gate: a message gets its id when those with lower ids have been committed,
 * so who has read up to one has missed none before it. Senders inside larger transactions take theirs together, because
 * such a transaction may write to several rooms, in any order: among themselves the ids need not be in that of commits.
 */
@Injectable()
export class ChatRoomSenders {
  private readonly remembered = new Remembered<Sender>({ ms: REMEMBERED_MS });

  constructor(
    private readonly participants: ChatRoomParticipants,
    private readonly people: ChatRoomPeople,
    private readonly log: EventLog,
  ) {}

  /**
   * By member: those who may send, with room and member. Until the transaction ends nobody removes them, and, `alone`,
   * nobody else sends.
   */
  async hold(
    manager: EntityManager,
    identities: Identity[],
    uuid: string,
    { alone }: { alone: boolean },
  ): Promise<Map<number | null, ChatRoomParticipant>> {
    if (!isStoredUuid(uuid)) return new Map();
    const ids = identities.map(({ memberId }) => memberId);
    const turn = alone ? roomLocks.takeTurn('$1') : roomLocks.shareTurn('$1');
    await manager.query(`SELECT ${roomLocks.passGate('$1')}, ${turn}`, [uuid]);
    // Read before the rest: what changes in between has other rules, or another version, and is only read once more.
    const rules = await this.log.rules(chatRoomStreams.room(uuid), manager);
    const versions = await manager.query<{ id: string; version: string }[]>(VERSIONS, [ids]);
    const found = await this.participants.findAll(manager, identities, uuid);
    await this.people.fill(manager, [...found.values()]);
    for (const { id, version } of versions) {
      const participant = found.get(Number(id));
      if (participant) this.remembered.set(keyOf(uuid, participant.memberId), { participant, version, rules });
    }
    return found;
  }

  /** As they were when they last sent; whether they still are is asked while writing. Null unless all are known. */
  recall(identities: Identity[], uuid: string): RecalledSenders | null {
    const known = new Map<number | null, ChatRoomParticipant>();
    const versions = new Map<number, string>();
    let rules: number | undefined;
    for (const { memberId, workspaceId } of identities) {
      if (known.has(memberId)) continue;
      const sender = this.remembered.get(keyOf(uuid, memberId));
      if (sender?.participant.chatRoom.workspaceId !== workspaceId) return null;
      if (rules !== undefined && rules !== sender.rules) return null;
      rules = sender.rules;
      versions.set(memberId!, sender.version);
      known.set(memberId, sender.participant);
    }
    return rules === undefined ? null : { uuid, senders: known, versions, rules };
  }

  /**
   * That senders and room still are as remembered, once the room's gate is passed and it is their turn. For a statement
   * that is a transaction by itself, so that asking and writing are one.
   */
  unchanged({ uuid, versions, rules }: RecalledSenders): AppendOptions {
    const [lone] = versions.size === 1 ? versions : [];
    const condition = lone
      ? { sql: ONE_UNCHANGED, parameters: [uuid, uuid, ...lone] }
      : { sql: ALL_UNCHANGED, parameters: [uuid, uuid, ...listed(versions)] };
    return { rules: new Map([[chatRoomStreams.room(uuid), rules]]), condition };
  }

  /** The same for several rooms, without waiting for gates and turns: rooms where that takes a wait are left out. */
  allUnchanged(rooms: RecalledSenders[]): AppendOptions | null {
    const versions = new Map<number, string>();
    for (const room of rooms) {
      for (const [memberId, version] of room.versions) {
        // Read at two times, and written in between: one of them is not true any more.
        if ((versions.get(memberId) ?? version) !== version) return null;
        versions.set(memberId, version);
      }
    }
    return {
      rules: new Map(rooms.map(({ uuid, rules }) => [chatRoomStreams.room(uuid), rules])),
      withoutWaiting: true,
      condition: { sql: SENDERS_UNCHANGED, parameters: listed(versions), each: FREE },
    };
  }
}

function keyOf(uuid: string, memberId: number | null): string {
  return `${uuid} ${memberId}`;
}

/** As `SENDERS_UNCHANGED` takes them. */
function listed(versions: Map<number, string>): Parameter[] {
  return [versions.size, arrayLiteral([...versions.keys()]), arrayLiteral([...versions.values()])];
}
