import { BadgeModel, inShort, list, made, mentioning, NotificationWorld, PATH } from './notifications.fixture.js';
import { allMessages, at, type MessageRecord, openGroup, type RoomRecord, roomOf, send } from './support/chat.js';
import type { HttpReply } from './support/http-client.js';
import { itWith } from './support/services.js';

/** The same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// Real: HTTP in, the stock Socket.IO client out, on two nodes where the services of the run allow it.
describe('the badge', () => {
  let world: NotificationWorld;

  beforeAll(async () => {
    world = await NotificationWorld.open();
  });
  afterEach(() => world.closeDevices());
  afterAll(() => world.close());

  it.each([1, 2, 3])('never drifts, whatever two devices of each do at the same time (seed %i)', async (seed) => {
    const pick = random(seed);
    const one = <Item>(items: Item[]): Item => items[pick(items.length)]!;
    const people = await world.people('Ann', 'Bob', 'Cy', 'Dan');
    const rooms = [await openGroup(people[0]!, people), await openGroup(people[1]!, people)];
    const devices = new Map<number, Awaited<ReturnType<NotificationWorld['device']>>[]>();
    for (const person of people) {
      devices.set(person.id, [await world.device(person, 0), await world.device(person, 1)]);
    }
    /** One person on one node doing one thing. What cannot be done any more is refused, and nothing else. */
    const act = async (): Promise<void> => {
      const person = at(one(world.nodes), one(people));
      const room = one(rooms);
      const [kind, words] = [pick(14), mentioning(...people.filter(() => pick(2) === 1))];
      const { records } = await list(person, '?per_page=100');
      const said = (await allMessages(person, room)).map(({ id }) => id);
      const mine = records.length > 0 ? `${PATH}/${one(records).id}` : `${PATH}/1`;
      const filter = one<object>([
        {},
        { notification_type: one(['mentions', 'inbox']) },
        { parent_notifiable: { type: 'ChatRoom', id: room.id } },
      ]);
      const messages = `/api${roomOf(room)}/messages`;
      const deeds: (() => Promise<HttpReply<unknown>>)[] = [
        () => person.http.post(`${mine}/mark_as_read`),
        () => person.http.post(`${mine}/archive`),
        () => person.http.delete(mine),
        () => person.http.post(`${PATH}/mark_all_as_read`, filter),
        () => person.http.post(`${PATH}/reset_new_notifications_count`),
        () => person.http.delete(`${messages}/${one([...said, 1])}`),
        () => person.http.patch(`${messages}/${one([...said, 1])}`, { rich_text_body: words }),
        () => person.http.post(messages, { rich_text_body: words, parent_message_id: said[0] ?? null }),
        () => person.http.post(messages, { body: 'a reply', parent_message_id: said.length > 0 ? one(said) : null }),
      ];
      const { status, body } = await (deeds[kind] ?? (() => person.http.post(messages, { rich_text_body: words })))();
      if (![200, 201, 204, 400, 403, 404].includes(status)) throw new Error(`${status} ${JSON.stringify(body)}`);
    };
    for (const _round of [1, 2, 3]) await Promise.all(Array.from({ length: 24 }, () => act()));

    for (const person of people) {
      const [here, there] = await Promise.all(devices.get(person.id)!.map((device) => device.heard()));
      // The first device's sign that this is all is told to the second as well, so numbers alone may differ at the end.
      expect(here!.map(inShort)).toEqual(there!.map(inShort));
      const model = new BadgeModel(new Map(rooms.map(({ id, uuid }) => [id, uuid])));
      for (const frame of here!) model.take(frame);
      const recount = await world.sql<{ group: string; count: string }>(
        `SELECT notification_group AS "group", count(*) FROM notifications
         WHERE member_id = $1 AND is_new AND read_at IS NULL AND archived_at IS NULL AND deleted_at IS NULL GROUP BY 1`,
        [person.id],
      );
      const count = (wanted?: string): number =>
        recount.filter(({ group }) => !wanted || group === wanted).reduce((sum, row) => sum + Number(row.count), 0);
      expect(await made(person.http.get(`${PATH}/new_notifications_count`))).toEqual(model.last);
      expect(model.last).toEqual({
        new_notifications_count: count(),
        new_mentions_count: count('mentions'),
        new_inbox_count: count('inbox'),
      });
      // What a device has put together from events is what the list says.
      const all = [...(await list(person, '?per_page=100')).records];
      all.push(...(await list(person, '?per_page=100&status=archived')).records);
      expect(all.map(({ id, is_new, read_at }) => [id, is_new, read_at]).sort()).toEqual(model.state());
    }
  });

  // One transaction at a time is all that the embedded database does, so only PostgreSQL can show this.
  itWith(
    ['postgres'],
    'messages that mention the same people in any order never wait for each other in a circle',
    async () => {
      const people = await world.people('Eve', 'Fay', 'Gus', 'Hal');
      const rooms: RoomRecord[] = [];
      const roots: MessageRecord[] = [];
      for (const person of people) {
        rooms.push(await openGroup(person, people));
        roots.push(await send(person, rooms.at(-1)!, '', { rich_text_body: mentioning(...people) }));
      }
      // Each reply reaches the other three: one or two of them because it mentions them, the rest through the thread.
      const sent = Array.from({ length: 40 }, (_, turn) => {
        const [index, other] = [turn % 4, people[(turn + 1 + (turn % 3)) % 4]!];
        const more = { parent_message_id: roots[index]!.id, rich_text_body: mentioning(other, people[3 - index]!) };
        return send(at(world.nodes[turn % 2]!, people[index]!), rooms[index]!, '', more);
      });
      const marks = Array.from({ length: 12 }, (_, turn) =>
        made(people[turn % 4]!.http.post(`${PATH}/${turn % 3 ? 'mark_all_as_read' : 'reset_new_notifications_count'}`)),
      );
      const removals = sent.map(async (message, turn) => {
        const { id } = await message;
        if (turn % 5 === 0) await made(people[turn % 4]!.http.delete(`/api${roomOf(rooms[turn % 4]!)}/messages/${id}`));
      });
      await Promise.all([...marks, ...removals]);
      // Of three roots, and of eight replies by each of three others.
      for (const person of people) expect((await list(person)).count).toBe(3 + 24);
    },
  );
});
