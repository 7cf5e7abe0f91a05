import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { Transactions } from '../../database/transactions.js';
import { chatRoomMembersOnly, type ChatRoomParticipant, ChatRoomParticipants } from '../chat-rooms/index.js';
import { findMessage } from './message.lookup.js';
import { threadNotFound } from './messages.errors.js';
import { ownThreads, unreadThreads } from './own-threads.query.js';
import type { ThreadReadView } from './reading.view.js';
import { ThreadMarks } from './thread-marks.js';
import { type ThreadView, ThreadViews } from './thread.views.js';
import { toThreadCursor } from './threads.schemas.js';

export interface ThreadPage {
  records: ThreadView[];
  has_next_page: boolean;
  next_cursor: string | null;
}

const FIND = `
  SELECT thread.parent_message_id AS root_id, room.uuid
  FROM chat_threads thread JOIN chat_rooms room ON room.id = thread.chat_room_id
  WHERE thread.id = $1 AND room.workspace_id = $2`;

/** Lists, shows and marks threads. One's own are those in which one wrote or was mentioned. */
@Injectable()
export class ThreadsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly views: ThreadViews,
    private readonly marks: ThreadMarks,
    private readonly clock: Clock,
  ) {}

  page(identity: Identity, limit: number, before: number | null): Promise<ThreadPage> {
    const whose = ownerOf(identity);
    return this.transactions.snapshot(async (manager) => {
      const found = await ownThreads(manager, whose, { before, limit: limit + 1 });
      const threads = found.slice(0, limit);
      const last = found.length > limit ? threads.at(-1) : undefined;
      return {
        records: await this.views.load(manager, whose.memberId, threads),
        has_next_page: last !== undefined,
        next_cursor: last ? toThreadCursor(last.lastReplyId) : null,
      };
    });
  }

  unread(identity: Identity): Promise<number[]> {
    const whose = ownerOf(identity);
    return this.transactions.snapshot(async (manager) => (await unreadThreads(manager, whose)).map(({ id }) => id));
  }

  /** Everybody in the room may read a thread; for those who take no part in it nothing there is unread. */
  get(identity: Identity, id: number): Promise<ThreadView> {
    return this.transactions.snapshot(async (manager) => {
      const { reader, rootId } = await this.require(manager, identity, id);
      const [own] = await ownThreads(
        manager,
        { ...ownerOf(identity), participantId: reader.id, threadId: id },
        { limit: 1 },
      );
      const thread = { id, rootId, participantId: reader.id, unreadCount: own?.unreadCount ?? 0 };
      const [view] = await this.views.load(manager, reader.memberId, [thread]);
      return view!;
    });
  }

  markAsRead(identity: Identity, id: number): Promise<ThreadReadView> {
    return this.transactions.run(async (manager) => {
      const { reader, rootId } = await this.require(manager, identity, id);
      const held = await this.participants.requireForOneself(manager, identity, reader.chatRoom.uuid);
      return this.marks.mark(manager, held, { threadId: id, rootId, now: this.clock.now() });
    });
  }

  /** Those that had unread replies. */
  markAllAsRead(identity: Identity): Promise<number[]> {
    const whose = ownerOf(identity);
    return this.transactions.run((manager) => this.marks.markUnread(manager, whose, this.clock.now()));
  }

  /** A thread is as visible as its root. Threads of other rooms look like unknown ones. */
  private async require(
    manager: EntityManager,
    identity: Identity,
    id: number,
  ): Promise<{ reader: ChatRoomParticipant; rootId: number }> {
    const [thread] = await manager.query<{ root_id: string; uuid: string }[]>(FIND, [id, identity.workspaceId]);
    const reader = thread ? await this.participants.find(identity, { uuid: thread.uuid }, manager) : null;
    const root = reader && (await findMessage(manager, reader, Number(thread!.root_id)));
    if (!root) throw threadNotFound();
    return { reader: reader!, rootId: root.id };
  }
}

/** A program takes part in nothing. */
function ownerOf({ memberId, workspaceId }: Identity): { memberId: number; workspaceId: number } {
  if (memberId === null) throw chatRoomMembersOnly();
  return { memberId, workspaceId };
}
