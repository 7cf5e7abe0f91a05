import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { causeBy } from '../../auth/cause.js';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { type Batch, GroupCommit, type Outcome } from '../../database/group-commit.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import type { Appended } from '../../events/event-writer.js';
import { WrittenEvent } from '../../events/written-event.js';
import {
  type ChatRoomParticipant,
  ChatRoomParticipants,
  ChatRoomSenders,
  chatRoomNotFound,
  type RecalledSenders,
} from '../chat-rooms/index.js';
import { concernsSomebody } from './mentions.js';
import { type MessageContent, toMessageContent } from './message-content.js';
import { Message } from './message.entity.js';
import { holdRootOf } from './message.lookup.js';
import { MessageThreads } from './message.threads.js';
import type { MessageView } from './message.view.js';
import { MessageViews } from './message.views.js';
import { MessageWriter } from './message.writer.js';
import { creationUuidTaken, parentUnknown } from './messages.errors.js';
import type { SendMessage } from './messages.schemas.js';

export interface SentMessage {
  message: MessageView;
  /** The message as JSON, where it is at hand. */
  text: string | null;
  /** False for a retry: the message was there already. */
  created: boolean;
}

/** One message on its way into a room. */
interface Sending {
  identity: Identity;
  uuid: string;
  content: MessageContent;
  creationUuid: string;
  parentMessageId: number | null;
  cause: Message['cause'];
}

type Plan = { message: Message; created: boolean } | { error: unknown };

/** Sends messages: those of one room that wait during a commit share the next. */
@Injectable()
export class MessageSending {
  private readonly group: GroupCommit<Sending, SentMessage>;

  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly senders: ChatRoomSenders,
    private readonly threads: MessageThreads,
    private readonly views: MessageViews,
    private readonly writer: MessageWriter,
    private readonly clock: Clock,
  ) {
    this.group = new GroupCommit(
      transactions,
      (_key, sendings) => this.sendTogether(sendings),
      (batches) => this.sendSeveral(batches),
    );
  }

  /** With a `creation_uuid` of the sender's own, sending again (also at the same time) gives the first message. */
  async send(identity: Identity, uuid: string, wanted: SendMessage): Promise<SentMessage> {
    const sending: Sending = {
      identity,
      uuid,
      content: toMessageContent(wanted),
      creationUuid: wanted.creation_uuid ?? randomUUID(),
      parentMessageId: wanted.parent_message_id ?? null,
      cause: causeBy(identity),
    };
    try {
      return await this.submit(sending);
    } catch (error) {
      if (violatesUnique(error, 'chat_room_messages_creation_uuid')) return this.sentBefore(sending);
      throw error;
    }
  }

  /** Replies of a thread take turns, so that each of them knows how many there are: they are sent one by one. */
  private async submit(sending: Sending): Promise<SentMessage> {
    const { identity, uuid, parentMessageId } = sending;
    if (parentMessageId === null) return this.group.submit(`${identity.workspaceId} ${uuid}`, sending);
    const [outcome] = await this.sendTogether([sending]);
    if ('error' in outcome!) throw outcome.error;
    return outcome!.result;
  }

  private async sendTogether(sendings: Sending[]): Promise<Outcome<SentMessage>[]> {
    return (await this.sendInOneGo(sendings)) ?? this.sendInTransaction(sendings);
  }

  /** The usual case in one round trip: senders and room are as remembered. Null: it takes a closer look. */
  private async sendInOneGo(sendings: Sending[]): Promise<Outcome<SentMessage>[] | null> {
    const recalled = this.transactions.bound ? null : this.recall(sendings);
    if (!recalled) return null;
    const messages = sendings.map((sending) => this.composeFrom(recalled, sending));
    return outcomes(await this.writer.writeAlone(messages, this.senders.unchanged(recalled)));
  }

  /** The same for several rooms at once; null for those that have to be sent to by themselves. */
  private async sendSeveral(batches: Batch<Sending>[]): Promise<(Outcome<SentMessage>[] | null)[]> {
    const recalled = batches.map(({ items }) => this.recall(items));
    const rooms = recalled.filter((room) => room !== null);
    const unchanged = rooms.length === 0 ? null : this.senders.allUnchanged(rooms);
    if (!unchanged) return batches.map(() => null);
    const messages = batches.map(({ items }, index) => {
      const room = recalled[index];
      return room ? items.map((sending) => this.composeFrom(room, sending)) : [];
    });
    const events = await this.writer.writeAlone(messages.flat(), unchanged);
    let next = 0;
    return messages.map(({ length }) => outcomes(events.slice(next, (next += length))));
  }

  /** Null where a message has to be told to somebody in particular, or something has to be asked. */
  private recall(sendings: Sending[]): RecalledSenders | null {
    if (sendings.length === 0 || !sendings.every(isPlain) || !areDistinct(sendings)) return null;
    return this.senders.recall(
      sendings.map(({ identity }) => identity),
      sendings[0]!.uuid,
    );
  }

  private composeFrom({ senders }: RecalledSenders, sending: Sending): Message {
    return this.compose(sending, senders.get(sending.identity.memberId)!);
  }

  /** One transaction for all of them; who is not in the room is refused alone. */
  private sendInTransaction(sendings: Sending[]): Promise<Outcome<SentMessage>[]> {
    const alone = !this.transactions.active;
    return this.transactions.run(async (manager) => {
      const identities = sendings.map(({ identity }) => identity);
      const senders = await this.senders.hold(manager, identities, sendings[0]!.uuid, { alone });
      const sent = new Map<string, Message>();
      const plans: Plan[] = [];
      for (const sending of sendings) {
        const sender = senders.get(sending.identity.memberId);
        plans.push(sender ? await this.plan(manager, sending, sender, sent) : { error: chatRoomNotFound() });
      }
      const views = await this.writer.write(manager, [...sent.values()]);
      return plans.map((plan) =>
        'error' in plan ? plan : { result: { created: plan.created, message: views.get(plan.message)!, text: null } },
      );
    });
  }

  /** `sent`: what this transaction sends, by creation_uuid. What was sent by others before stops the transaction. */
  private async plan(
    manager: EntityManager,
    sending: Sending,
    sender: ChatRoomParticipant,
    sent: Map<string, Message>,
  ): Promise<Plan> {
    const { creationUuid, parentMessageId } = sending;
    const twin = sent.get(creationUuid);
    if (twin) return twin.participant === sender ? { message: twin, created: false } : { error: creationUuidTaken() };
    const root = parentMessageId === null ? null : await holdRootOf(manager, sender, parentMessageId);
    if (parentMessageId !== null && !root) return { error: parentUnknown() };
    const message = this.compose(sending, sender);
    if (root) {
      Object.assign(message, { parentMessageId: root.id, chatThreadId: await this.threads.under(manager, root) });
    }
    sent.set(creationUuid, message);
    return { message, created: true };
  }

  /** Its id is 0 until it is written. */
  private compose({ content, creationUuid, cause }: Sending, sender: ChatRoomParticipant): Message {
    const message = new Message();
    message.id = 0;
    message.body = content.body;
    message.richTextBody = content.richTextBody;
    message.chatRoomId = sender.chatRoomId;
    message.chatRoom = sender.chatRoom;
    message.chatRoomParticipantId = sender.id;
    message.participant = sender;
    message.creationUuid = creationUuid;
    message.parentMessageId = null;
    message.chatThreadId = null;
    message.sentAt = this.clock.now();
    message.editedAt = null;
    message.cause = cause;
    return message;
  }

  private sentBefore({ identity, uuid, creationUuid }: Sending): Promise<SentMessage> {
    return this.transactions.snapshot(async (manager) => {
      const sender = await this.participants.require(manager, identity, 'send', uuid);
      const message = await manager.findOneBy(Message, { chatRoomId: sender.chatRoomId, creationUuid });
      if (message?.chatRoomParticipantId !== sender.id) throw creationUuidTaken();
      return { message: await this.views.loadOne(manager, message), text: null, created: false };
    });
  }
}

/** Whom else it concerns has to be told in the same transaction. */
function isPlain({ parentMessageId, content: { richTextBody } }: Sending): boolean {
  return !concernsSomebody({ parentMessageId, richTextBody });
}

function areDistinct(sendings: Sending[]): boolean {
  return new Set(sendings.map(({ creationUuid }) => creationUuid)).size === sendings.length;
}

/** Null where nothing was written. */
function outcomes(events: Appended[]): Outcome<SentMessage>[] | null {
  const written = events.filter((event) => event !== null);
  if (written.length === 0) return null;
  return written.map((event) => ({
    result: { message: event.resource as MessageView, text: WrittenEvent.textOf(event), created: true },
  }));
}
