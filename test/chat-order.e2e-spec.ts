import type { Identity } from '../src/auth/identity.js';
import { Transactions } from '../src/database/transactions.js';
import { MessageSending } from '../src/modules/messages/index.js';
import { ChatWorld, made, type MessageRecord, roomPath, type RoomRecord, see, send } from './chat.fixture.js';
import { mentioning } from './notifications.fixture.js';
import type { Person } from './support/people.js';
import { itWith } from './support/services.js';

// Real: the whole server over HTTP and PostgreSQL: the embedded database does one transaction at a time.
describe('messages that are committed at the same time', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let cat: Person;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob, cat] = [await world.member('Ann'), await world.member('Bob'), await world.member('Cat')];
  });
  afterAll(() => world.close());

  const readAll = (person: Person, room: RoomRecord) => made(person.http.post(`${roomPath(room)}/mark_all_as_read`));

  /** Sends as part of a larger transaction, which ends when it is told to. */
  async function sendSlowly({ id: memberId }: Person, room: RoomRecord) {
    const { app } = world.server;
    const sender: Identity = { kind: 'member', memberId, workspaceId: 1, administrator: false };
    let commit = (): void => undefined;
    const mayCommit = new Promise<void>((resolve) => (commit = resolve));
    let committed: Promise<number> | undefined;
    await new Promise<void>((written, fail) => {
      committed = app.get(Transactions).run(async () => {
        const { message } = await app.get(MessageSending).send(sender, room.uuid, { body: 'Slow' });
        written();
        await mayCommit;
        return message.id;
      });
      committed.catch(fail);
    });
    return { commit, committed: committed! };
  }

  async function somebodyWaits(): Promise<void> {
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    while ((await world.sql(waiting)).length === 0);
  }

  const kinds: Record<string, (room: RoomRecord) => Promise<object>> = {
    'a plain message': async () => ({}),
    'a mention': async () => ({ body: undefined, rich_text_body: mentioning(bob) }),
    'a reply': async (room) => ({ parent_message_id: (await send(ann, room, 'Root')).id }),
  };

  for (const [kind, words] of Object.entries(kinds)) {
    itWith(['postgres'], `${kind} waits for those with lower ids, so no read mark passes one unseen`, async () => {
      const room = await world.group(ann, [bob, cat]);
      const more = await words(room);
      // Whose last message is remembered sends the next one in a single statement.
      await send(ann, room, 'Hello');
      await readAll(bob, room);

      const slow = await sendSlowly(cat, room);
      const fast: Promise<MessageRecord> = send(ann, room, 'Fast', more);
      await Promise.race([fast, somebodyWaits()]);
      await readAll(bob, room);
      slow.commit();
      const slowId = await slow.committed;

      expect((await fast).id).toBeGreaterThan(slowId);
      expect(await see(bob, room)).toMatchObject({ first_unread_message_id: slowId });
      const told = (await world.roomEvents(room)).filter(({ type }) => type === 'message');
      const ids = told.map(({ resource }) => Number(resource!.id));
      expect(ids).toEqual([...ids].sort((one, other) => one - other));
    });
  }
});
