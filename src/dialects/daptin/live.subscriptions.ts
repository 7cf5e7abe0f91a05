import type { JsonObject } from '../../common/json.js';
import { RoomGroup, type RoomGroupOwner } from '../../realtime/room-group.js';
import type { ResumeFrom } from '../../realtime/room-joiner.js';
import type { Session } from '../../realtime/session.js';
import type { LiveDoor } from './live.door.js';
import { LiveFilters } from './live.filters.js';
import { frames, type RequestId } from './live.frames.js';
import { type FoundTopic, planOf } from './live.plans.js';
import { LiveRefusal, refusals } from './live.refusal.js';
import { type LiveRequest, topicsIn } from './live.requests.js';
import type { Called } from './live.words.js';

const MAX_SUBSCRIPTIONS = 200;

/** Where a client that comes back has stopped; null: it only wants to know where it begins. */
type Position = ResumeFrom | null;

/** The topics that one client has subscribed to, each as a group of rooms. */
export class LiveSubscriptions {
  private readonly groups = new Map<string, RoomGroup<ReturnType<typeof planOf>['main']>>();
  private readonly session: Session;

  constructor(
    private readonly owner: RoomGroupOwner,
    private readonly door: LiveDoor,
  ) {
    this.session = owner.session;
  }

  /** Each topic of the list succeeds or fails by itself, and is answered in its turn. */
  async subscribe({ method, id, attributes }: LiveRequest): Promise<void> {
    const topics = topicsIn(attributes);
    if (topics.length === 0) throw refusals.noTopic();
    const filters = LiveFilters.read(attributes.filters);
    if (!filters) throw refusals.badFilters();
    const position = positionIn(attributes);
    for (const topic of topics) {
      try {
        await this.door.outages.outlast(() => this.open(topic, filters, position, id));
      } catch (error) {
        if (!(error instanceof LiveRefusal)) throw error;
        this.session.send(frames.error(method, error.message, id));
      }
    }
  }

  /** What was not subscribed is left without a word; with an id there is an answer in any case. */
  unsubscribe({ id, attributes }: LiveRequest): void {
    const topics = topicsIn(attributes);
    if (topics.length === 0) throw refusals.noTopic();
    const dropped = topics.filter((topic) => this.drop(topic));
    if (id === null) return;
    for (const topic of dropped) this.session.send(frames.unsubscribed(topic, id));
    if (dropped.length === 0) this.session.send(frames.response('unsubscribe', { topics: [] }, id));
  }

  /** False when there was no such subscription. */
  drop(topic: string): boolean {
    const key = keyOf(topic);
    const group = this.groups.get(key);
    this.groups.delete(key);
    const wasLive = group?.live === true;
    group?.close();
    return wasLive;
  }

  private async open(
    topic: string,
    filters: LiveFilters,
    position: Position | undefined,
    id: RequestId,
  ): Promise<void> {
    const { session, door } = this;
    if (this.groups.get(keyOf(topic))?.live) return this.acknowledge(topic, id, { alreadySubscribed: true });
    this.drop(topic);
    if (this.count >= MAX_SUBSCRIPTIONS) throw refusals.rateLimited();
    const found = await door.topics.find(session.identity, topic);
    if (!found) throw refusals.unknown(topic);
    const called: Called = { topic, positioned: position !== undefined && isOneStream(found) };
    const plan = planOf(found, called, filters);
    const group = new RoomGroup(this.owner, `live ${keyOf(topic)}`, plan, door);
    this.groups.set(keyOf(topic), group);
    const open = await group.approach(() => (called.positioned && position ? position : null));
    if (session.closed) return void group.close();
    if (!open) {
      this.groups.delete(keyOf(topic));
      throw refusals.denied(topic);
    }
    const { start } = group;
    this.acknowledge(topic, id, called.positioned ? { position: start.seq, epoch: start.epoch } : {});
    if (start.resync) session.send(frames.resync(topic, start.seq, start.epoch));
    await group.enter();
    if (!group.live && !session.closed) throw refusals.denied(topic);
  }

  private acknowledge(topic: string, id: RequestId, more: JsonObject): void {
    if (id !== null) this.session.send(frames.subscribed(topic, id, more));
  }

  private get count(): number {
    return [...this.groups.values()].filter(({ live }) => live).length;
  }
}

/** Undefined for a client that does not know of positions. */
function positionIn({ last_id: seq, epoch }: JsonObject): Position | undefined {
  if (seq === undefined || seq === null) return seq;
  if (!Number.isSafeInteger(seq) || (seq as number) < 0) throw refusals.badPosition();
  if (epoch !== undefined && typeof epoch !== 'string') throw refusals.badPosition();
  return { seq: seq as number, epoch };
}

/** Otherwise there is no one number that says where a client stands. */
function isOneStream(found: FoundTopic): boolean {
  return !('rows' in found && found.rows.others);
}

/** A topic is the same in upper and lower case. */
function keyOf(topic: string): string {
  return topic.toLowerCase();
}
