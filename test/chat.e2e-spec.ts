import { randomUUID } from 'node:crypto';
import { ChatWorld, made, messagePath, outcome, roomPath, type RoomRecord, see, send, story } from './chat.fixture.js';
import type { HttpReply } from './support/http-client.js';
import type { Person } from './support/people.js';

// Real: the whole server over HTTP, its database and its event log.
describe('chat rooms', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let cy: Person;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob, cy] = [await world.member('Ann'), await world.member('Bob'), await world.member('Cy')];
  });
  afterAll(() => world.close());

  it('each participant sees a group with their own eyes', async () => {
    const room = await world.group(ann, [bob, cy], { name: 'Crew', description: 'All of us' });
    expect(room).toMatchObject({
      identifier: `group-chat-${room.uuid}`,
      kind: 'group_chat',
      name: 'Crew',
      description: 'All of us',
      show_history: true,
      is_embedded: false,
      chat_room_kind: 'group_chat',
      chat_room_name: 'Crew',
      chat_room_description: 'All of us',
      chat_room_show_history: true,
      chat_room_participants_count: 3,
      unread_messages_count: 0,
      first_unread_message_id: null,
      last_message: null,
      pinned_message: null,
      current_participant: { community_member_id: ann.id, name: 'Ann', admin: true, muted: false, archived: false },
    });
    expect(room.other_participants_preview.map(({ name, admin }) => [name, admin])).toEqual([
      ['Bob', false],
      ['Cy', false],
    ]);

    const first = await send(ann, room, 'One');
    await send(ann, room, 'Two');
    expect(await see(bob, room)).toMatchObject({
      unread_messages_count: 2,
      first_unread_message_id: first.id,
      last_message: { body: 'Two', sender: { name: 'Ann' }, bookmark_id: null },
      current_participant: { community_member_id: bob.id, admin: false, last_read_message_id: null },
    });
    // Who writes has read what was there.
    const own = await send(bob, room, 'Three');
    expect(await see(bob, room)).toMatchObject({
      unread_messages_count: 0,
      current_participant: { last_read_message_id: own.id },
    });
    expect(await see(cy, room)).toMatchObject({ unread_messages_count: 3 });
  });

  it('a room shows no address, and of others nothing that is private', async () => {
    const room = await world.group(ann, [bob]);
    const seen = JSON.stringify([
      await see(ann, room),
      await world.roomEvents(room),
      await world.events(`members/${bob.id}`),
    ]);
    expect(seen).not.toMatch(/@example[.]com|argon2/);
    const [other] = (await see(ann, room)).other_participants_preview;
    for (const key of ['muted', 'archived', 'last_read_message_id', 'email']) expect(other).not.toHaveProperty(key);
  });

  it('a room without a name is called after the others', async () => {
    const [dan, eve] = [await world.member('Dan'), await world.member('Eve')];
    const room = await world.group(ann, [bob, cy, dan, eve]);
    expect(room.chat_room_name).toBe('Bob, Cy, Dan');
    expect((await see(eve, room)).chat_room_name).toBe('Ann, Bob, Cy');
    const direct = await world.direct(ann, bob);
    expect([direct.chat_room_name, (await see(bob, direct)).chat_room_name]).toEqual(['Bob', 'Ann']);
  });

  it('how far somebody has read decides what is unread; replies do not count', async () => {
    const room = await world.group(ann, [bob]);
    const one = await send(ann, room, 'One');
    await send(ann, room, 'Two');
    await send(ann, room, 'A reply', { parent_message_id: one.id });
    const { current_participant: place } = await see(bob, room);
    await world.sql(
      `INSERT INTO chat_room_read_marks (chat_room_participant_id, last_read_message_id, last_read_at) VALUES ($1, $2, now())`,
      [place.id, one.id],
    );
    expect(await see(bob, room)).toMatchObject({
      unread_messages_count: 1,
      current_participant: { last_read_message_id: one.id },
    });
    await made(ann.http.delete(messagePath(room, (await see(bob, room)).last_message!)));
    expect(await see(bob, room)).toMatchObject({ unread_messages_count: 0, last_message: { body: 'One' } });
  });

  describe('direct', () => {
    it('two people have one room, whoever asks', async () => {
      const [one, other] = await world.members(2);
      const ask = (who: Person, whom: Person[]): Promise<HttpReply<RoomRecord>> =>
        who.http.post('/api/chat-rooms', { kind: 'direct', member_ids: whom.map(({ id }) => id) });
      const first = await ask(one!, [other!]);
      expect(first).toMatchObject({ status: 201, body: { identifier: `direct-${one!.id}-${other!.id}`, name: null } });
      const before = story(await world.roomEvents(first.body));
      // One's own id in the list means nothing.
      const again = [await ask(one!, [other!, one!]), await ask(other!, [one!])];
      expect(again.map(({ status, body }) => [status, body.uuid])).toEqual([
        [200, first.body.uuid],
        [200, first.body.uuid],
      ]);
      expect(story(await world.roomEvents(first.body))).toEqual(before);
    });

    it('asking from both sides at the same time gives one room', async () => {
      const [one, other] = await world.members(2);
      const rooms = await Promise.all(
        Array.from({ length: 8 }, (_, index) => (index % 2 ? world.direct(one!, other!) : world.direct(other!, one!))),
      );
      expect(new Set(rooms.map(({ uuid }) => uuid)).size).toBe(1);
      expect(story(await world.roomEvents(rooms[0]!))).toEqual([
        'created chat_room',
        'created participant',
        'created participant',
      ]);
      expect(story(await world.events(`members/${other!.id}`))).toEqual(['created member', 'created chat_room']);
    });

    it('nobody joins it, leaves it or gives it a name; each of them may end it', async () => {
      const [one, other] = await world.members(2);
      const room = await world.direct(one!, other!);
      const refused = [
        one!.http.post(`${roomPath(room)}/participants`, { member_ids: [cy.id] }),
        one!.http.delete(`${roomPath(room)}/participants/${other!.id}`),
        one!.http.delete(`${roomPath(room)}/participants/${one!.id}`),
        one!.http.patch(roomPath(room), { name: 'Us' }),
      ];
      expect(await Promise.all(refused.map(outcome))).toEqual([
        [400, 'chat_room.direct_is_for_two'],
        [400, 'chat_room.direct_is_for_two'],
        [400, 'chat_room.direct_is_for_two'],
        [400, 'chat_room.direct_has_no_name'],
      ]);
      await made(other!.http.delete(roomPath(room)));
      expect((await world.direct(one!, other!)).uuid).not.toBe(room.uuid);
    });
  });

  it('first words come with the room, and after its appearance', async () => {
    const room = await world.group(ann, [bob], { body: 'Welcome' });
    expect(room).toMatchObject({ last_message: { body: 'Welcome' } });
    expect(story(await world.roomEvents(room))).toEqual([
      'created chat_room',
      'created participant',
      'created participant',
      'created message',
    ]);
    const appeared = (await world.events(`members/${bob.id}`)).at(-1)!;
    expect(appeared).toMatchObject({
      action: 'created',
      type: 'chat_room',
      path: `/chat-rooms/${room.uuid}`,
      resource: { uuid: room.uuid, current_participant: { community_member_id: bob.id }, unread_messages_count: 0 },
    });
    const [one, other] = await world.members(2);
    const direct = await world.direct(one!, other!);
    expect(await world.direct(other!, one!, { body: 'Hello' })).toMatchObject({
      uuid: direct.uuid,
      last_message: { body: 'Hello' },
    });
  });

  it('what fails leaves nothing behind: no room, no participant, no event', async () => {
    const [lonely] = await world.members(1);
    const count = () => world.sql<{ rooms: string }>('SELECT count(*) AS rooms FROM chat_rooms');
    const before = await count();
    expect(
      await outcome(
        lonely!.http.post('/api/chat-rooms', { kind: 'group_chat', member_ids: [bob.id], body: 'x'.repeat(10_001) }),
      ),
    ).toEqual([400, 'message.too_long']);
    expect(await count()).toEqual(before);
    expect(story(await world.events(`members/${lonely!.id}`))).toEqual(['created member']);
  });

  it.each<[string, object, string]>([
    ['no kind', { member_ids: [] }, 'request.invalid'],
    ['an unknown kind', { kind: 'party', member_ids: [] }, 'request.invalid'],
    ['no members', { kind: 'group_chat' }, 'request.invalid'],
    ['members that are no ids', { kind: 'group_chat', member_ids: ['1'] }, 'request.invalid'],
    ['an id beyond all numbers', { kind: 'group_chat', member_ids: [2 ** 53] }, 'request.invalid'],
    ['an unknown field', { kind: 'group_chat', member_ids: [], uuid: randomUUID() }, 'request.invalid'],
    ['a NUL in the name', { kind: 'group_chat', member_ids: [], name: 'a\0b' }, 'request.invalid'],
    ['a blank name', { kind: 'group_chat', member_ids: [], name: '  ' }, 'request.invalid'],
    ['a NUL in the first words', { kind: 'group_chat', member_ids: [], body: 'a\0b' }, 'request.invalid'],
    ['empty first words', { kind: 'group_chat', member_ids: [], body: '' }, 'message.empty'],
    ['an unknown member', { kind: 'group_chat', member_ids: [999_999] }, 'chat_room.members_unknown'],
    ['a direct room with an unknown member', { kind: 'direct', member_ids: [999_999] }, 'chat_room.members_unknown'],
    ['a direct room with nobody', { kind: 'direct', member_ids: [] }, 'chat_room.direct_needs_one_other'],
    ['a direct room for three', { kind: 'direct', member_ids: [1, 2, 3] }, 'chat_room.direct_needs_one_other'],
    ['a direct room with a name', { kind: 'direct', member_ids: [1], name: 'Us' }, 'chat_room.direct_has_no_name'],
  ])('refuses %s', async (_what, body, code) => {
    expect(await outcome(ann.http.post('/api/chat-rooms', body))).toEqual([400, code]);
  });

  it('a direct room with oneself is none', async () => {
    const oneself = ann.http.post('/api/chat-rooms', { kind: 'direct', member_ids: [ann.id] });
    expect(await outcome(oneself)).toEqual([400, 'chat_room.direct_needs_one_other']);
  });

  it('a removed member cannot be brought in', async () => {
    const gone = await world.member();
    await made(world.boss.http.delete(`/api/members/${gone.id}`));
    const room = await world.group(ann, [bob]);
    expect(await outcome(ann.http.post(`${roomPath(room)}/participants`, { member_ids: [gone.id, cy.id] }))).toEqual([
      400,
      'chat_room.members_unknown',
    ]);
    expect(await outcome(cy.http.get(roomPath(room)))).toEqual([404, 'chat_room.not_found']);
  });

  it('who is not in a room learns nothing of it, not even an administrator of the workspace', async () => {
    const room = await world.group(ann, [bob]);
    const message = await send(ann, room, 'Between us');
    const { body: key } = await world.boss.http.post<{ api_key: string }>('/api/api-keys', { ignore_acl: true });
    const program = world.server.http.with({ 'x-api-key': key.api_key });
    const missing = { uuid: randomUUID() };
    const NOT_FOUND = [404, 'chat_room.not_found'];
    for (const http of [cy.http, world.boss.http, program]) {
      for (const target of [room, missing, { uuid: 'nonsense' }, { uuid: room.uuid.toUpperCase() }]) {
        const asked = [
          http.get(roomPath(target)),
          http.patch(roomPath(target), { name: 'Mine' }),
          http.delete(roomPath(target)),
          http.get(`${roomPath(target)}/participants`),
          http.post(`${roomPath(target)}/participants`, { member_ids: [cy.id] }),
          http.delete(`${roomPath(target)}/participants/${bob.id}`),
          http.get(`${roomPath(target)}/messages`),
          http.post(`${roomPath(target)}/messages`, { body: 'Hello' }),
          http.get(messagePath(target, message)),
          http.patch(messagePath(target, message), { body: 'Changed' }),
          http.delete(messagePath(target, message)),
        ];
        expect(await Promise.all(asked.map(outcome))).toEqual(asked.map(() => NOT_FOUND));
      }
    }
    expect(await outcome(program.get('/api/chat-rooms'))).toEqual([403, 'chat_room.members_only']);
    expect(await outcome(program.post('/api/chat-rooms', { kind: 'group_chat', member_ids: [] }))).toEqual([
      403,
      'chat_room.members_only',
    ]);
  });

  it('the description of the API shows the routes of rooms and messages', async () => {
    const { body } = await world.server.http.get<{ paths: Record<string, object> }>('/docs-json');
    const routes = Object.entries(body.paths)
      .filter(([path]) => path.startsWith('/api/chat-rooms'))
      .map(([path, methods]) => `${path} ${Object.keys(methods).sort().join(' ')}`);
    expect(routes.sort()).toEqual([
      '/api/chat-rooms get post',
      '/api/chat-rooms/unread get',
      '/api/chat-rooms/{uuid} delete get patch',
      '/api/chat-rooms/{uuid}/mark_all_as_read post',
      '/api/chat-rooms/{uuid}/messages get post',
      '/api/chat-rooms/{uuid}/messages/{id} delete get patch',
      '/api/chat-rooms/{uuid}/messages/{id}/reactions post',
      '/api/chat-rooms/{uuid}/messages/{id}/reactions/{emoji} delete',
      '/api/chat-rooms/{uuid}/participants get post',
      '/api/chat-rooms/{uuid}/participants/{member_id} delete patch',
      '/api/chat-rooms/{uuid}/pin delete post',
    ]);
  });
});
