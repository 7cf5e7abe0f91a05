import { ChatWorld, type RoomRecord } from './chat.fixture.js';
import { EventReader } from './support/event-source.js';
import type { Person } from './support/people.js';

const nameOf = ({ uuid }: RoomRecord): string => `/chat-rooms/${uuid}`;

// Real: the whole server, and fetch.
describe('server-sent events', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  const readers: EventReader[] = [];

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob] = (await world.members(2)) as [Person, Person];
  });
  afterEach(() => readers.splice(0).forEach((reader) => reader.close()));
  afterAll(() => world.close());

  const follow = async (person: Person, rooms: string[], lastId?: string): Promise<EventReader> => {
    const headers: Record<string, string> = { authorization: `Bearer ${person.token}` };
    if (lastId !== undefined) headers['last-event-id'] = lastId;
    const reader = await EventReader.open(`${world.server.url}/api/events?rooms=${rooms.join(',')}`, headers);
    readers.push(reader);
    return reader;
  };
  const refusal = async (query: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
    const reply = await fetch(`${world.server.url}/api/events${query}`, { headers });
    return [reply.status, ((await reply.json()) as { error: { code: string } }).error.code];
  };
  const said = (reader: EventReader): unknown[] =>
    reader.resources.map(({ resource }) => (resource as { body?: string }).body);

  it('tell of what happens in a room, with the content type and no cache', async () => {
    const room = await world.direct(ann, bob);
    const reader = await follow(bob, [nameOf(room)]);
    expect(reader.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(reader.response.headers.get('cache-control')).toContain('no-cache');
    const { data } = await reader.next(({ event }) => event === 'ready');
    expect(data).toMatchObject({ rooms: [{ room: nameOf(room), resync: false }] });
    const message = await world.say(ann, room, 'Hello');
    const told = await reader.next(({ event }) => event === 'message');
    expect(told.data).toMatchObject({
      action: 'created',
      type: 'message',
      room: nameOf(room),
      resource: { id: message.id, body: 'Hello' },
    });
  });

  it('go on after the last id, in several rooms at once, with everything once', async () => {
    const rooms = [await world.group(ann, [bob]), await world.group(ann, [bob]), await world.group(ann, [bob])];
    const names = rooms.map(nameOf);
    const heard: unknown[] = [];
    let reader = await follow(bob, names);
    for (let round = 0; round < 10; round += 1) {
      const last = `${round}/2`;
      const sending = (async () => {
        for (const [index, room] of rooms.entries()) await world.say(ann, room, `${round}/${index}`);
      })();
      // Sometimes in the middle of it, sometimes after it.
      if (round % 2 === 0) await reader.next(({ event }) => event === 'message');
      else {
        await sending;
        await reader.next(({ data }) => (data.resource as { body?: string } | undefined)?.body === last);
      }
      heard.push(...said(reader));
      const { lastId } = reader;
      reader.close();
      await sending;
      reader = await follow(bob, names, lastId);
    }
    await world.say(ann, rooms[0]!, 'end');
    await reader.next(({ data }) => (data.resource as { body?: string } | undefined)?.body === 'end');
    heard.push(...said(reader).filter((body) => body !== 'end'));
    const all = Array.from({ length: 10 }, (_value, round) => [0, 1, 2].map((index) => `${round}/${index}`)).flat();
    expect([...heard].sort()).toEqual([...all].sort());
    for (const index of [0, 1, 2]) {
      const own = heard.filter((body) => String(body).endsWith(`/${index}`));
      expect(own).toEqual(all.filter((body) => body.endsWith(`/${index}`)));
    }
  });

  it('take the token and the last id from the query too', async () => {
    const room = await world.direct(ann, bob);
    const before = await follow(bob, [nameOf(room)]);
    await before.next(({ event }) => event === 'ready');
    before.close();
    await world.say(ann, room, 'Missed');
    const query = `rooms=${nameOf(room)}&access_token=${bob.token}&last_event_id=${before.lastId}`;
    const reader = await EventReader.open(`${world.server.url}/api/events?${query}`);
    readers.push(reader);
    await reader.next(({ event }) => event === 'message');
    expect(said(reader)).toEqual(['Missed']);
  });

  it('say when the log does not reach back so far', async () => {
    const room = await world.direct(ann, bob);
    const reader = await follow(bob, [nameOf(room)], 'anotherepoch.7');
    const { data } = await reader.next(({ event }) => event === 'ready');
    expect(data).toMatchObject({ rooms: [{ resync: true }] });
  });

  it('end for a room that is lost, and for somebody who is banned', async () => {
    const member = await world.member();
    const [kept, lost] = [await world.group(ann, [member]), await world.group(ann, [member])];
    const reader = await follow(member, [nameOf(kept), nameOf(lost)]);
    await reader.next(({ event }) => event === 'ready');
    await ann.http.delete(`/api${nameOf(lost)}/participants/${member.id}`);
    await reader.next(({ event, data }) => event === 'revoked' && data.room === nameOf(lost));
    await world.say(ann, lost, 'Not for them');
    await world.say(ann, kept, 'For them');
    await reader.next(({ event }) => event === 'message');
    expect(said(reader)).toEqual(['For them']);
    await world.boss.http.post(`/api/members/${member.id}/ban`);
    await reader.ended;
  });

  it('refuse what is wrong before anything is sent', async () => {
    const room = await world.direct(ann, bob);
    const other = await world.member();
    const as = (person: Person): Record<string, string> => ({ authorization: `Bearer ${person.token}` });
    const query = `?rooms=${nameOf(room)}`;
    expect(await refusal(query)).toEqual([401, 'auth.credential_required']);
    expect(await refusal(query, { authorization: 'Bearer nonsense' })).toEqual([401, 'auth.token_invalid']);
    expect(await refusal(query, as(other))).toEqual([403, 'room.forbidden']);
    expect(await refusal(`${query},/nowhere`, as(bob))).toEqual([403, 'room.forbidden']);
    expect(await refusal('', as(bob))).toEqual([400, 'request.invalid']);
    expect(await refusal('?rooms=', as(bob))).toEqual([400, 'request.invalid']);
    for (const id of ['x', 'epoch', 'epoch.1.2', 'epoch.-1', 'epoch.1e9', '%00']) {
      expect(await refusal(`${query}&last_event_id=${id}`, as(bob))).toEqual([400, 'event_stream.id_invalid']);
    }
    expect(await refusal(`?rooms=${Array.from({ length: 101 }, (_v, i) => `/r${i}`).join()}`, as(bob))).toEqual([
      400,
      'request.invalid',
    ]);
  });

  it('tell by HEAD what would come', async () => {
    const authorization = `Bearer ${bob.token}`;
    const url = `${world.server.url}/api/events?rooms=/members/${bob.id}`;
    const reply = await fetch(url, { method: 'HEAD', headers: { authorization } });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  });

  it('carry what is ephemeral to those who are there', async () => {
    const room = await world.direct(ann, bob);
    const reader = await follow(bob, [nameOf(room)]);
    await reader.next(({ event }) => event === 'ready');
    const socket = await world.connect(ann);
    const { body } = await ann.http.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', {
      rooms: [nameOf(room)],
    });
    socket.emit('realtime:event', { name: nameOf(room), token: body.websockets[0]!.token, data: { typing: true } });
    const { data } = await reader.next(({ event }) => event === 'signal');
    expect(data).toEqual({ room: nameOf(room), data: { typing: true } });
  });

  it('end when the server stops, which does not wait for them', async () => {
    const own = await ChatWorld.open();
    const [member] = (await own.members(1)) as [Person];
    const reader = await EventReader.open(`${own.server.url}/api/events?rooms=/members/${member.id}`, {
      authorization: `Bearer ${member.token}`,
    });
    await reader.next(({ event }) => event === 'ready');
    await own.close();
    await reader.ended;
  });
});
