import type { RoomGroupOwner } from '../../realtime/room-group.js';
import type { Session } from '../../realtime/session.js';
import type { LiveDoor } from './live.door.js';
import { frames } from './live.frames.js';
import { refusals } from './live.refusal.js';
import { type LiveRequest, nameIn } from './live.requests.js';
import { LiveSubscriptions } from './live.subscriptions.js';

/** What one client may ask for, by the names of the protocol. */
export class LiveMethods {
  private readonly session: Session;
  private readonly subscriptions: LiveSubscriptions;

  constructor(
    owner: RoomGroupOwner,
    private readonly door: LiveDoor,
  ) {
    this.session = owner.session;
    this.subscriptions = new LiveSubscriptions(owner, door);
  }

  async serve(request: LiveRequest): Promise<void> {
    if ((await this.door.limits.socketRequest(this.session.identity)) > 0) throw refusals.rateLimited();
    switch (request.method) {
      case 'list-topic':
      case 'list-topicName':
        return this.list(request);
      case 'create-topic':
      case 'create-topicName':
        return this.create(request);
      case 'destroy-topic':
      case 'destroy-topicName':
        return this.destroy(request);
      case 'subscribe':
        return this.subscriptions.subscribe(request);
      case 'unsubscribe':
        return this.subscriptions.unsubscribe(request);
      case 'new-message':
        return this.publish(request);
      case 'ping':
        return this.session.send(frames.pong(request.id));
      default:
        throw refusals.noMethod();
    }
  }

  private async list({ method, id }: LiveRequest): Promise<void> {
    const topics = await this.door.outages.outlast(() => this.door.topics.names(this.session.identity));
    this.session.send(frames.response(method === 'list-topic' ? 'topic-list' : 'topicName-list', { topics }, id));
  }

  private async create({ method, id, attributes }: LiveRequest): Promise<void> {
    const topicName = await this.door.topics.create(this.session.identity, nameIn(attributes));
    if (id !== null) this.session.send(frames.response(method, { topicName, created: true }, id));
  }

  private async destroy({ method, id, attributes }: LiveRequest): Promise<void> {
    const topicName = await this.door.topics.destroy(this.session.identity, nameIn(attributes));
    // Here at once, everywhere else as soon as the change is known.
    this.subscriptions.drop(topicName);
    if (id !== null) this.session.send(frames.response(method, { topicName, destroyed: true }, id));
  }

  private async publish({ method, id, attributes }: LiveRequest): Promise<void> {
    const topicName = await this.door.publishing.publish(this.session.identity, attributes);
    if (id !== null) this.session.send(frames.response(method, { topicName, published: true }, id));
  }
}
