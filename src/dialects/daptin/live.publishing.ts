import { Injectable } from '@nestjs/common';
import { causeBy } from '../../auth/cause.js';
import type { MemberIdentity } from '../../auth/identity.js';
import { DomainError } from '../../common/domain-error.js';
import type { JsonObject } from '../../common/json.js';
import { Remembered } from '../../common/remembered.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import { RateLimits, roomKey } from '../../limits/rate-limits.js';
import { channelPaths, ChannelPublishing, payloadObject, PUBLISH_BODY_LIMIT } from '../../modules/channels/index.js';
import { topicMessageDraft } from '../../realtime/topics/topic-message.js';
import type { Topic } from '../../realtime/topics/topic-source.js';
import type { FoundTopic } from './live.plans.js';
import { refusals } from './live.refusal.js';
import { topicIn } from './live.requests.js';
import { LiveTopics } from './live.topics.js';

/** For so long it is remembered what a name stands for. Whether one may publish there is asked for every message. */
const REMEMBERED_MS = 1_000;

/** `new-message`: a message of the channel like those of every other door, or one to those who follow a table. */
@Injectable()
export class LivePublishing {
  private readonly remembered = new Remembered<FoundTopic>({ ms: REMEMBERED_MS });

  constructor(
    private readonly topics: LiveTopics,
    private readonly publishing: ChannelPublishing,
    private readonly limits: RateLimits,
    private readonly transactions: Transactions,
    private readonly log: EventLog,
  ) {}

  /** Gives the name of the topic. */
  async publish(member: MemberIdentity, attributes: JsonObject): Promise<string> {
    const topic = topicIn(attributes);
    if (typeof topic !== 'string' || topic === '') throw refusals.noTopic();
    const payload = payloadObject.safeParse(attributes.message).data;
    if (payload === undefined) throw refusals.noMessage();
    if (Buffer.byteLength(JSON.stringify(payload)) > PUBLISH_BODY_LIMIT) throw refusals.tooLarge();
    const found = await this.find(member, topic);
    if ('rows' in found) return this.talk(member, topic, found.rows, payload);
    const { name, type } = found.channel;
    if (type === 'separate_rooms' && found.room === null) throw refusals.noTopic();
    if ((await this.limits.hit('room', roomKey(member, channelPaths.channel(name)))) > 0) throw refusals.rateLimited();
    try {
      await this.publishing.publish(member, name, { payload, room: found.room });
    } catch (error) {
      throw await this.refused(member, topic, error);
    }
    return topic;
  }

  /** To all who follow the table, on every door; of those who may make rows of it, and where everybody follows one room. */
  private async talk(member: MemberIdentity, topic: string, { main, floor }: Topic, payload: JsonObject) {
    if (!floor || !(await floor.mayTalk(member))) throw refusals.denied(topic);
    if ((await this.limits.hit('room', roomKey(member, main))) > 0) throw refusals.rateLimited();
    const draft = topicMessageDraft({ stream: floor.stream, path: main }, payload, causeBy(member));
    await this.transactions.run(async (manager) => this.log.append(manager, [draft]));
    return topic;
  }

  private async find(member: MemberIdentity, topic: string): Promise<FoundTopic> {
    const key = keyOf(member, topic);
    const known = this.remembered.get(key);
    if (known) return known;
    const found = await this.topics.find(member, topic);
    if (!found) throw refusals.nowhere(topic);
    this.remembered.set(key, found);
    return found;
  }

  /** What is gone since it was remembered is told from what one may not do. */
  private async refused(member: MemberIdentity, topic: string, error: unknown): Promise<unknown> {
    if (!(error instanceof DomainError) || (error.kind !== 'forbidden' && error.kind !== 'not_found')) return error;
    this.remembered.delete(keyOf(member, topic));
    const found = await this.topics.find(member, topic);
    return found ? refusals.denied(topic) : refusals.nowhere(topic);
  }
}

function keyOf({ workspaceId }: MemberIdentity, topic: string): string {
  return `${workspaceId} ${topic}`;
}
