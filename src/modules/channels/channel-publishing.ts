import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { causeBy } from '../../auth/cause.js';
import type { Identity } from '../../auth/identity.js';
import type { Author } from '../../common/author.js';
import { DomainError } from '../../common/domain-error.js';
import type { JsonObject } from '../../common/json.js';
import { Remembered } from '../../common/remembered.js';
import { type Batch, GroupCommit, type Outcome } from '../../database/group-commit.js';
import { Transactions } from '../../database/transactions.js';
import type { DomainEvent, EventDraft } from '../../events/domain-event.js';
import { EventLog } from '../../events/event-log.js';
import type { PublishMessage } from './channel-messages.schemas.js';
import type { Channel } from './channel.entity.js';
import { toStoredName } from './channel-name.js';
import { ChannelAccess } from './channels.access.js';
import { customPublishDisabled, roomRequired } from './channels.errors.js';
import { channelPaths, channelStreams } from './channels.streams.js';

/** Whatever else may have changed a channel, past its events, counts after that. */
const REMEMBERED_MS = 60_000;

/** One message on its way into a channel, with who sends it. */
interface Publication {
  identity: Identity;
  name: string;
  payload: JsonObject;
  room: string | null;
  cause: { author: Author; requestId: string | null };
}

/** A channel as it was read, and the last change of its rules at that time. */
interface KnownChannel {
  channel: Channel;
  rules: number;
}

interface Plan {
  stream: string;
  rules: number;
  drafts: EventDraft[];
}

/** Publishes to channels. A message is its event in the log, and nothing else. */
@Injectable()
export class ChannelPublishing {
  /** Messages of one channel that wait during a commit share the next, and so do those of several busy channels. */
  private readonly group: GroupCommit<Publication, JsonObject>;
  /** Channels as they were when somebody last published; whether their rules still hold is asked while writing. */
  private readonly remembered = new Remembered<KnownChannel>({ ms: REMEMBERED_MS });

  constructor(
    private readonly transactions: Transactions,
    private readonly access: ChannelAccess,
    private readonly log: EventLog,
  ) {
    this.group = new GroupCommit(
      transactions,
      (key, publications) => this.publishTogether(key, publications),
      (batches) => this.publishSeveral(batches),
    );
  }

  /** Gives the message as it will be read; its id is its number in the channel. */
  publish(identity: Identity, name: string, { payload, room }: PublishMessage): Promise<JsonObject> {
    const cause = causeBy(identity);
    const key = `${identity.workspaceId} ${toStoredName(name) ?? ''}`;
    return this.group.submit(key, { identity, name, payload, room: room ?? null, cause });
  }

  /** Throws what `publish` would throw whatever the message is. */
  async requirePublisher(identity: Identity, name: string): Promise<void> {
    const { channel } = await this.access.require(identity, 'publish', name);
    if (!channel.customPublish) throw customPublishDisabled();
  }

  private publishTogether(key: string, publications: Publication[]): Promise<Outcome<JsonObject>[]> {
    if (this.transactions.bound) return this.publishInTransaction(key, publications);
    const plan = this.planAtOnce(key, publications);
    if (plan) return this.publishInOneGo(plan, key, publications);
    return this.plan(key, publications).then((asked) =>
      asked ? this.publishInOneGo(asked, key, publications) : this.publishInTransaction(key, publications),
    );
  }

  /** The usual case in one round trip: the channel is as remembered. */
  private publishInOneGo(plan: Plan, key: string, publications: Publication[]): Promise<Outcome<JsonObject>[]> {
    return this.log
      .appendAlone(plan.drafts, { rules: new Map([[plan.stream, plan.rules]]) })
      .then((events) => results(events) ?? this.publishInTransaction(key, publications));
  }

  /** Several channels at once, in one round trip; null for those that take a closer look. */
  private async publishSeveral(batches: Batch<Publication>[]): Promise<(Outcome<JsonObject>[] | null)[]> {
    const plans = await Promise.all(
      batches.map(async ({ key, items }) => this.planAtOnce(key, items) ?? this.plan(key, items)),
    );
    const drafts = plans.flatMap((plan) => plan?.drafts ?? []);
    if (drafts.length === 0) return plans.map(() => null);
    const rules = new Map(plans.filter((plan) => plan !== null).map((plan) => [plan.stream, plan.rules]));
    const events = await this.log.appendAlone(drafts, { rules, withoutWaiting: true });
    let next = 0;
    return plans.map((plan) => plan && results(events.slice(next, (next += plan.drafts.length))));
  }

  /** What is to be written if the rules of the channel are still those, and everybody may. Null where it takes a question. */
  private planAtOnce(key: string, publications: Publication[]): Plan | null {
    const known = this.remembered.get(key);
    if (!known) return null;
    return planFor(
      known,
      publications.map((one) => this.draftAtOnce(known.channel, one)),
    );
  }

  /** The same, with questions about those who are in groups. Null where it takes a closer look, and where one is refused. */
  private async plan(key: string, publications: Publication[]): Promise<Plan | null> {
    const known = this.remembered.get(key);
    return known ? planFor(known, await Promise.all(publications.map((one) => this.draft(known.channel, one)))) : null;
  }

  /** One transaction for all that waited; who may not publish is refused alone. */
  private publishInTransaction(key: string, publications: Publication[]): Promise<Outcome<JsonObject>[]> {
    return this.transactions.run(async (manager) => {
      const { identity, name } = publications[0]!;
      // Held until the commit: the channel neither goes nor closes between the check and the messages.
      const channel = await this.access.find(identity.workspaceId, name, { manager, hold: 'shared' });
      await this.remember(key, channel, manager);
      const drafts = await Promise.all(publications.map((one) => this.draft(channel, one, manager)));
      const allowed = drafts.filter((draft) => 'stream' in draft);
      const events = allowed.length > 0 ? await this.log.appendNow(manager, allowed) : [];
      let next = 0;
      return drafts.map((draft) => ('stream' in draft ? { result: events[next++]!.resource! } : draft));
    });
  }

  private async remember(key: string, channel: Channel | null, manager: EntityManager): Promise<void> {
    this.remembered.delete(key);
    if (!channel) return;
    const rules = await this.log.rules(channelStreams.channel(channel.id), manager);
    this.remembered.set(key, { channel, rules });
  }

  /** Without waiting, which costs more than the draft. Null where something has to be asked, and where it is refused. */
  private draftAtOnce(channel: Channel, publication: Publication): EventDraft | null {
    const decision = this.access.decideAtOnce(publication.identity, channel);
    const roomMissing = channel.type !== 'default' && publication.room === null;
    if (!decision?.actions.has('publish') || !channel.customPublish || roomMissing) return null;
    return messageDraft(channel, roomOf(channel, publication.room), publication);
  }

  private async draft(
    channel: Channel | null,
    publication: Publication,
    manager?: EntityManager,
  ): Promise<EventDraft | { error: unknown }> {
    try {
      const { identity, room } = publication;
      const decision = await this.access.requireOf(identity, 'publish', channel, manager);
      if (!decision.channel.customPublish) throw customPublishDisabled();
      return messageDraft(decision.channel, roomOf(decision.channel, room), publication);
    } catch (error) {
      if (error instanceof DomainError) return { error };
      throw error;
    }
  }
}

function messageDraft(channel: Channel, room: string | null, { payload, cause }: Publication): EventDraft {
  return {
    stream: channelStreams.channel(channel.id),
    action: 'custom',
    type: 'message',
    path: room === null ? channelPaths.channel(channel.name) : channelPaths.room(channel.name, room),
    room,
    resource: {
      room,
      action: 'custom',
      author: cause.author,
      metadata: { type: 'message' },
      payload,
      id: 0,
      created_at: '',
    },
    numbered: true,
    keepsRules: true,
    cause,
  };
}

/** Null unless all are drafts, and there is one. */
function planFor({ channel, rules }: KnownChannel, planned: (EventDraft | { error: unknown } | null)[]): Plan | null {
  const drafts = planned.filter((one) => one !== null && 'stream' in one);
  if (drafts.length === 0 || drafts.length < planned.length) return null;
  return { stream: channelStreams.channel(channel.id), rules, drafts };
}

/** Null where nothing was written. */
function results(events: (DomainEvent | null)[]): Outcome<JsonObject>[] | null {
  const written = events.filter((event) => event !== null);
  return written.length === 0 ? null : written.map(({ resource }) => ({ result: resource! }));
}

/** The sub-room that a message belongs to: none where there are none, and required where rooms are separate. */
export function roomOf(channel: Channel, room: string | null): string | null {
  if (channel.type === 'default') return null;
  if (room === null) throw roomRequired();
  return room;
}
