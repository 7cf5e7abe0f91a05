import { ChatWorld, made, messagePath, messagesPath, roomPath, type RoomRecord } from './chat.fixture.js';
import { ChatModel, type Expected, type ModelMessage, type ModelRoom, newPlace } from './chat-model.fixture.js';
import { mentioning } from './notifications.fixture.js';
import type { HttpReply } from './support/http-client.js';
import type { Person } from './support/people.js';

const STEPS = 200;

/** The same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Said {
  id: number;
  chat_thread_id: number | null;
}

/** People who do what people do, each step told to the model as well. */
class Life {
  private constructor(
    private readonly people: Person[],
    private readonly model: ChatModel,
    private readonly pick: (below: number) => number,
  ) {}

  static async begin(world: ChatWorld, seed: number): Promise<Life> {
    const people = await world.members(4);
    const [owner, ...others] = people as [Person, ...Person[]];
    const rooms: RoomRecord[] = [
      await world.group(owner, others),
      await world.group(owner, others, { show_history: false }),
      await world.direct(owner, others[0]!),
    ];
    const inIt = [people, people, people.slice(0, 2)];
    const model = new ChatModel(
      rooms.map(({ uuid }, index) => ({
        uuid,
        showHistory: index !== 1,
        places: new Map(inIt[index]!.map(({ id }) => [id, newPlace()])),
      })),
    );
    return new Life(people, model, random(seed));
  }

  async step(): Promise<void> {
    const room = this.one(this.model.rooms);
    const present = this.people.filter(({ id }) => room.places.get(id)?.present);
    const person = this.one(present);
    const deeds = [
      () => this.say(room, person, null),
      () => this.say(room, person, null),
      () => this.reply(room, person),
      () => this.reply(room, person),
      () => this.reply(room, person),
      () => this.edit(room, person),
      () => this.remove(room, person),
      () => this.read(room, person),
      () => this.readThread(room, person),
      () => this.readThreads(person),
      () => this.comeOrGo(room),
      () => this.set(room, person),
      () => this.look(person),
    ];
    await this.one(deeds)();
  }

  /** Compares everybody's lists and counts with the model. */
  async check(): Promise<void> {
    for (const person of this.people) expect(await seenBy(person)).toEqual(this.model.expected(person.id));
  }

  private one<Item>(items: Item[]): Item {
    return items[this.pick(items.length)]!;
  }

  private async say(room: ModelRoom, person: Person, root: ModelMessage | null, replyTo = root): Promise<void> {
    const named = this.pick(3) === 0 ? this.people.filter(() => this.pick(2) === 0) : [];
    const said = await made<Said>(
      person.http.post(messagesPath(room), {
        ...(named.length > 0 ? { rich_text_body: mentioning(...named) } : { body: 'words' }),
        parent_message_id: replyTo?.id ?? null,
      }),
    );
    const { id, chat_thread_id } = said;
    this.model.send({ id, room, author: person.id, root }, idsOf(named), chat_thread_id);
  }

  private async reply(room: ModelRoom, person: Person): Promise<void> {
    const visible = this.model.visible(room, person.id);
    if (visible.length === 0) return;
    // Mostly to what was said last, so that threads grow.
    const target = this.one(visible.slice(-6));
    await this.say(room, person, target.root ?? target, target);
  }

  private async edit(room: ModelRoom, person: Person): Promise<void> {
    const own = this.model.visible(room, person.id).filter(({ author }) => author === person.id);
    if (own.length === 0) return;
    const [message, named] = [this.one(own), this.people.filter(() => this.pick(2) === 0)];
    await made(person.http.patch(messagePath(room, message), { rich_text_body: mentioning(...named) }));
    this.model.edit(message, idsOf(named));
  }

  private async remove(room: ModelRoom, person: Person): Promise<void> {
    const own = this.model.visible(room, person.id).filter(({ author }) => author === person.id);
    if (own.length === 0) return;
    const message = this.one(own);
    await made(person.http.delete(messagePath(room, message)));
    this.model.remove(message);
  }

  /** On two devices at the same time. */
  private async read(room: ModelRoom, { id, http }: Person): Promise<void> {
    await both(() => http.post(`${roomPath(room)}/mark_all_as_read`));
    this.model.markRoom(room, id);
  }

  private async readThread(room: ModelRoom, { id, http }: Person): Promise<void> {
    const roots = this.model.visible(room, id).filter((message) => this.model.threads.has(message));
    if (roots.length === 0) return;
    const root = this.one(roots);
    await both(() => http.post(`/api/chat-threads/${this.model.threads.get(root)}/mark_as_read`));
    this.model.markThread(root, id);
  }

  private async readThreads({ id, http }: Person): Promise<void> {
    await both(() => http.post('/api/chat-threads/mark_all_as_read'));
    this.model.markThreads(id);
  }

  /** Everybody but the owner and the two of the direct room. */
  private async comeOrGo(room: ModelRoom): Promise<void> {
    if (room === this.model.rooms[2]) return;
    const [owner, ...others] = this.people as [Person, ...Person[]];
    const { id, http } = this.one(others);
    const path = `${roomPath(room)}/participants`;
    if (room.places.get(id)!.present) {
      await made(this.one([owner.http, http]).delete(`${path}/${id}`));
      this.model.leave(room, id);
    } else {
      await made(owner.http.post(path, { member_ids: [id] }));
      this.model.join(room, id);
    }
  }

  private async set(room: ModelRoom, { id, http }: Person): Promise<void> {
    const place = room.places.get(id)!;
    const value = this.pick(2) === 0;
    const path = `${roomPath(room)}/participants/${id}`;
    const kind = this.pick(3);
    if (kind === 0) {
      await made(http.patch(path, { archived: value }));
      this.model.archive(room, id, value);
    } else if (kind === 1) {
      await made(http.patch(path, { muted: value }));
      place.muted = value;
    } else {
      await both(() => (value ? http.post(`${roomPath(room)}/pin`) : http.delete(`${roomPath(room)}/pin`)));
      place.pinned = value;
    }
  }

  private async look({ id, http }: Person): Promise<void> {
    await made(http.post('/api/notifications/reset_new_notifications_count'));
    this.model.resetBadge(id);
  }
}

const idsOf = (people: Person[]): number[] => people.map(({ id }) => id);

async function both(deed: () => Promise<HttpReply<unknown>>): Promise<void> {
  await Promise.all([made(deed()), made(deed())]);
}

/** What the server says to one member. */
async function seenBy({ http }: Person): Promise<Expected> {
  const get = <Body>(path: string): Promise<Body> => made(http.get(`/api/${path}`));
  const { records } = await get<{ records: RoomRecord[] }>('chat-rooms?limit=100&archived=all');
  const { chat_rooms } = await get<{ chat_rooms: string[] }>('chat-rooms/unread');
  const { chat_thread_ids } = await get<{ chat_thread_ids: number[] }>('chat-threads/unread');
  return {
    rooms: Object.fromEntries(
      records.map(({ uuid, unread_messages_count, current_participant, pinned_at }) => [
        uuid,
        { unread: unread_messages_count, archived: Boolean(current_participant.archived), pinned: pinned_at !== null },
      ]),
    ),
    unreadRooms: chat_rooms.sort(),
    unreadThreads: chat_thread_ids.sort((one, other) => one - other),
    badge: await get('notifications/new_notifications_count'),
  };
}

// Real: the whole server over HTTP and its database.
describe('what is unread', () => {
  let world: ChatWorld;

  beforeAll(async () => {
    world = await ChatWorld.open();
  });
  afterAll(() => world.close());

  it.each([1, 2])('is what a recount of everything that happened says (seed %i)', async (seed) => {
    const life = await Life.begin(world, seed);
    for (let step = 1; step <= STEPS; step += 1) {
      await life.step();
      if (step % 5 === 0) await life.check();
    }
  });
});
