import { Logger } from '@nestjs/common';
import { AppLogger } from '../src/common/logging/app-logger.js';
import { EventLog } from '../src/events/event-log.js';
import { type Joinable, pollModules, type PollRecord, pollsHaveChanged, PollWorld } from './polls.fixture.js';
import { ticket } from './support/chat.js';
import type { HttpReply } from './support/http-client.js';
import { type Person, register } from './support/people.js';
import { type ErrorBody, expectRefusal } from './support/refusals.js';
import { itWith } from './support/services.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startTwoNodes } from './support/start-server.js';

// Real: the whole server with the module of docs/extending.md, its database, HTTP and the stock client.
(pollsHaveChanged ? describe.skip : describe)('the polls of docs/extending.md', () => {
  let world: PollWorld;
  let ann: Person;
  let bob: Person;
  let stranger: Person;

  beforeAll(async () => {
    world = await PollWorld.open();
    [ann, bob, stranger] = [await world.member(), await world.member(), await world.member('elsewhere')];
  });
  afterEach(() => world.closeSockets());
  afterAll(() => world.close());

  const vote = (person: Person, { id }: PollRecord, option: number): Promise<HttpReply<PollRecord>> =>
    person.http.post<PollRecord>(`/api/polls/${id}/votes`, { option });
  const counts = ({ results }: { results: { votes: number }[] }): number[] => results.map(({ votes }) => votes);
  const code = async (reply: Promise<HttpReply<ErrorBody>>): Promise<[number, unknown]> => {
    const { status, body } = await reply;
    return [status, body.error?.code];
  };

  /** Everything that a client heard up to a poll that is made now: silence is shown by what comes after it. */
  async function heard(client: SocketClient, asker = ann): Promise<string[]> {
    const last = await world.ask(asker, 'The last one?');
    await client.next('realtime:resource', ({ path }) => path === `/polls/${last.id}`);
    const frames = client.resources().filter(({ path }) => path !== `/polls/${last.id}`);
    return frames.map(({ room, action, path }) => `${room}: ${action} ${path}`);
  }

  it('a client in the room hears of a new poll', async () => {
    const client = await world.listen(bob, '/polls');
    const poll = await world.ask(ann);
    expect(await client.next('realtime:resource')).toEqual({
      ...{ action: 'created', room: '/polls', type: 'poll', path: `/polls/${poll.id}` },
      ...{ id: expect.any(Number), created_at: expect.any(String), resource: poll },
    });
    expect(poll).toEqual({
      id: expect.any(Number),
      author_id: ann.id,
      question: 'Tea or coffee?',
      results: [
        { text: 'Tea', votes: 0 },
        { text: 'Coffee', votes: 0 },
      ],
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
    });
  });

  it('both rooms hear of votes and of the end, and whoever was in the room of the poll is told that it is gone', async () => {
    const poll = await world.ask(ann);
    const room = `/polls/${poll.id}`;
    const [all, one] = [await world.listen(bob, '/polls'), await world.listen(bob, room)];
    await vote(bob, poll, 1);
    for (const client of [all, one]) {
      const { resource } = await client.next('realtime:resource', ({ action }) => action === 'updated');
      expect(counts(resource as PollRecord)).toEqual([0, 1]);
    }
    expect((await ann.http.delete(`/api/polls/${poll.id}`)).status).toBe(204);
    await all.next('realtime:resource', ({ action, path }) => action === 'deleted' && path === room);
    expect(await one.next('realtime:join:error')).toMatchObject({ name: room, code: 'room.revoked' });
    expect(one.resources().map(({ action }) => action)).toEqual(['updated']);
  });

  it('replays what it missed', async () => {
    const poll = await world.ask(ann);
    const room = `/polls/${poll.id}`;
    const { body: page } = await bob.http.get<Joinable>('/api/polls?limit=1&websockets=1');
    const { body: read } = await bob.http.get<Joinable & PollRecord>(`/api/polls/${poll.id}?websockets=1`);
    expect(page.websockets).toEqual([{ room: '/polls', token: expect.any(String) }]);
    expect(read).toEqual({
      ...poll,
      position: 1,
      epoch: page.epoch,
      websockets: [{ room, token: expect.any(String) }],
    });
    await vote(ann, poll, 0);
    const missed = await world.ask(ann);
    await vote(bob, poll, 0);

    const [all, one] = [await world.connect(bob), await world.connect(bob)];
    const { position, epoch } = page;
    await all.join('/polls', page.websockets[0]!.token, { position, epoch });
    await one.join(room, read.websockets[0]!.token, { position: read.position, epoch: read.epoch });
    await vote(bob, poll, 1);
    await all.next('realtime:resource', ({ id }) => id === position + 4);
    await one.next('realtime:resource', ({ id }) => id === read.position + 3);
    expect(all.resources().map(({ action, path }) => `${action} ${path}`)).toEqual([
      `updated ${room}`,
      `created /polls/${missed.id}`,
      `updated ${room}`,
      `updated ${room}`,
    ]);
    expect(one.resources().map(({ resource }) => counts(resource as PollRecord))).toEqual([
      [1, 0],
      [2, 0],
      [1, 1],
    ]);
  });

  it('another workspace sees nothing', async () => {
    const poll = await world.ask(ann);
    const client = await world.listen(stranger, '/polls');
    const token = await ticket(ann, `/polls/${poll.id}`);
    client.emit('realtime:join', { name: `/polls/${poll.id}`, token });
    expect(await client.next('realtime:join:error')).toMatchObject({ code: 'room.forbidden' });
    await expect(ticket(stranger, `/polls/${poll.id}`)).rejects.toThrow('403');
    for (const [method, path] of [
      ['GET', `/api/polls/${poll.id}`],
      ['POST', `/api/polls/${poll.id}/votes`],
      ['DELETE', `/api/polls/${poll.id}`],
    ] as const) {
      const body = method === 'POST' ? { option: 0 } : undefined;
      expect(await code(stranger.http.send(method, path, body))).toEqual([404, 'poll.not_found']);
    }
    await vote(ann, poll, 0);
    expect(await heard(client, stranger)).toEqual([]);
    const { body } = await stranger.http.get<{ records: PollRecord[] }>('/api/polls?limit=100');
    expect(body.records.map(({ author_id }) => author_id)).toEqual([stranger.id]);
  });

  it('who voted for what is in no event, no reply and no log line', async () => {
    let log = '';
    Logger.overrideLogger(
      new AppLogger({ level: 'trace', readable: false, destination: { write: (line) => void (log += line) } }),
    );
    const options = ['c4n4ry one', 'c4n4ry two', 'c4n4ry three'];
    const poll = await world.ask(ann, 'c4n4ry?', options);
    const clients = [await world.listen(bob, '/polls'), await world.listen(bob, `/polls/${poll.id}`)];
    const asked = bob.http.with({ 'x-request-id': 'the-vote-of-bob' });
    const replies = [
      (await asked.post(`/api/polls/${poll.id}/votes`, { option: 2 })).body,
      (await ann.http.get(`/api/polls/${poll.id}`)).body,
      (await ann.http.get('/api/polls?limit=100')).body,
    ];
    const frames = await Promise.all(clients.map((client) => client.next('realtime:resource')));
    const results = options.map((text, number) => ({ text, votes: number === 2 ? 1 : 0 }));
    const shown = { ...poll, results };
    expect([replies[0], replies[1], ...frames.map(({ resource }) => resource)]).toEqual([
      shown,
      { ...shown, position: 2, epoch: expect.any(String) },
      shown,
      shown,
    ]);
    expect(JSON.stringify(replies[2])).not.toMatch(new RegExp(`"${bob.id}"`));
    const events = [`polls/${poll.id}`, 'workspaces/1/polls'].map((stream) =>
      world.server.app.get(EventLog).history(stream, { limit: 100 }),
    );
    for (const event of (await Promise.all(events)).flat()) {
      expect([event.author, event.requestId]).toEqual([null, null]);
      expect(Object.keys(event.resource!)).toEqual(Object.keys(poll));
    }
    const lines = log.split('\n');
    expect(lines.filter((line) => /c4n4ry|"option|"votes"/.test(line))).toEqual([]);
    const ofTheVote = lines.filter((line) => line.includes('the-vote-of-bob'));
    expect(ofTheVote.join()).toContain('POST /api/polls/:id/votes');
    expect(ofTheVote.filter((line) => line.includes('"stream"'))).toEqual([]);
  });

  it('a second vote of a member replaces the first, and the same again is no event', async () => {
    const poll = await world.ask(ann);
    expect(counts((await vote(bob, poll, 0)).body)).toEqual([1, 0]);
    expect(counts((await vote(bob, poll, 1)).body)).toEqual([0, 1]);
    expect(counts((await vote(bob, poll, 1)).body)).toEqual([0, 1]);
    expect((await ann.http.get<Joinable>(`/api/polls/${poll.id}`)).body.position).toBe(3);
  });

  it('two votes at the same time both count', async () => {
    const poll = await world.ask(ann);
    const voters = await Promise.all(Array.from({ length: 8 }, () => world.member()));
    const replies = await Promise.all(voters.map((voter, number) => vote(voter, poll, number % 2)));
    expect(replies.map(({ status }) => status)).toEqual(voters.map(() => 201));
    const { body } = await ann.http.get<PollRecord & Joinable>(`/api/polls/${poll.id}`);
    expect([counts(body), body.position]).toEqual([[4, 4], 9]);
  });

  it('only who asked, or administers, ends a poll', async () => {
    const [poll, other] = [await world.ask(ann), await world.ask(ann)];
    expect(await code(bob.http.delete(`/api/polls/${poll.id}`))).toEqual([403, 'poll.forbidden']);
    expect((await ann.http.delete(`/api/polls/${poll.id}`)).status).toBe(204);
    expect(await code(ann.http.delete(`/api/polls/${poll.id}`))).toEqual([404, 'poll.not_found']);
    expect(await code(ann.http.get(`/api/polls/${poll.id}`))).toEqual([404, 'poll.not_found']);
    expect((await world.boss.http.delete(`/api/polls/${other.id}`)).status).toBe(204);
  });

  it('a vote and the end at the same time leave no poll, and no fault', async () => {
    for (let round = 0; round < 5; round += 1) {
      const poll = await world.ask(ann);
      const [voted, ended] = await Promise.all([vote(bob, poll, 0), ann.http.delete(`/api/polls/${poll.id}`)]);
      expect([201, 404]).toContain(voted.status);
      expect(ended.status).toBe(204);
    }
  });

  it('pages go on where the last one stopped', async () => {
    await world.ask(ann);
    await world.ask(ann);
    type Page = { records: PollRecord[]; has_next_page: boolean };
    const { body: first } = await bob.http.get<Page>('/api/polls?limit=1');
    const { body: rest } = await bob.http.get<Page>(`/api/polls?limit=100&after=${first.records[0]!.id}`);
    expect([first.records.length, first.has_next_page, rest.has_next_page]).toEqual([1, true, false]);
    expect(rest.records[0]!.id).toBeGreaterThan(first.records[0]!.id);
  });

  it('a program, which is no member, finds no polls', async () => {
    const poll = await world.ask(ann);
    const { body: key } = await world.boss.http.post<{ api_key: string }>('/api/api-keys', { description: 'a key' });
    const program = world.server.http.with({ 'x-api-key': key.api_key });
    for (const path of ['/api/polls', `/api/polls/${poll.id}`]) {
      expect(await code(program.get(path))).toEqual([404, 'poll.not_found']);
    }
    const question = { question: 'Who?', options: ['You', 'Me'] };
    expect(await code(program.post('/api/polls', question))).toEqual([404, 'poll.not_found']);
    expect((await world.server.http.get('/api/polls')).status).toBe(401);
  });

  it.each<[string, string, unknown]>([
    ['nothing', '/api/polls', {}],
    ['one option', '/api/polls', { question: 'Tea?', options: ['Tea'] }],
    ['an empty question', '/api/polls', { question: ' ', options: ['Tea', 'Coffee'] }],
    ['options that cannot be stored', '/api/polls', { question: 'Tea?', options: ['Tea\u0000', 'Coffee'] }],
    ['votes of its own', '/api/polls', { question: 'Tea?', options: ['Tea', 'Coffee'], votes: { 1: 0 } }],
    ['an author of its choice', '/api/polls', { question: 'Tea?', options: ['Tea', 'Coffee'], author_id: 1 }],
    ['no option', '/api/polls/1/votes', {}],
    ['a fraction', '/api/polls/1/votes', { option: 0.5 }],
    ['a negative option', '/api/polls/1/votes', { option: -1 }],
    ['an odd address', '/api/polls/0x1/votes', { option: 0 }],
  ])('bad input is refused: %s', async (what, path, body) => {
    const reply = await ann.http.post<ErrorBody>(path, body);
    expectRefusal(what, reply);
    expect([reply.status, reply.body.error!.code]).toEqual([400, 'request.invalid']);
  });

  it('an option that the poll does not have is refused', async () => {
    const poll = await world.ask(ann);
    expect(await code(vote(ann, poll, 2) as Promise<HttpReply<ErrorBody>>)).toEqual([400, 'poll.option_unknown']);
  });

  itWith(['postgres', 'redis'], 'a client on another node hears of it, and loses a poll that ends', async () => {
    const { nodes, close } = await startTwoNodes({ modules: await pollModules() });
    const [here, there] = nodes;
    try {
      const asker = await register(here.http, 'Asker');
      const client = await (await openSocket(there.url)).authenticate(asker.token);
      await client.join('/polls', await ticket(asker, '/polls'));
      const { body: poll } = await asker.http.post<PollRecord>('/api/polls', {
        question: 'Who?',
        options: ['You', 'Me'],
      });
      expect(await client.next('realtime:resource')).toMatchObject({ action: 'created', resource: poll });
      const room = `/polls/${poll.id}`;
      await client.join(room, await ticket(asker, room));
      await asker.http.delete(`/api${room}`);
      await client.next('realtime:join:error', ({ name }) => name === room);
      client.close();
    } finally {
      await close();
    }
  });

  it('stands in the documentation of the API with its schemas', async () => {
    type Operation = { requestBody?: unknown; responses: object; tags: string[] };
    const { body } = await ann.http.get<{
      paths: Record<string, Record<string, Operation>>;
      components: { schemas: Record<string, unknown> };
    }>('/docs-json');
    const routes = Object.entries(body.paths).filter(([path]) => path.startsWith('/api/polls'));
    const listed = routes.flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`));
    expect(listed.sort()).toEqual([
      'delete /api/polls/{id}',
      'get /api/polls',
      'get /api/polls/{id}',
      'post /api/polls',
      'post /api/polls/{id}/votes',
    ]);
    for (const operation of routes.flatMap(([, operations]) => Object.values(operations))) {
      expect(operation.tags).toEqual(['polls']);
    }
    const text = JSON.stringify(routes);
    for (const name of ['Poll', 'PollPage', 'PollReply', 'AskPoll', 'VoteInPoll']) {
      expect(text).toContain(`"#/components/schemas/${name}"`);
      expect(body.components.schemas[name]).toBeDefined();
    }
    expect(body.components.schemas.AskPoll).toMatchObject({ example: { question: 'Tea or coffee?' } });
  });
});
