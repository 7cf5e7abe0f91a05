import { Transactions } from '../src/database/transactions.js';
import { EventLog } from '../src/events/event-log.js';
import { ChannelPublishing, channelStreams } from '../src/modules/channels/index.js';
import { type Caller, ChannelWorld, history, idsOf, type Person, upTo } from './channels.fixture.js';

// Real: the whole server over HTTP, on the database of the run.
describe('publishing to channels', () => {
  let world: ChannelWorld;
  let admin: Person;
  let ann: Person;
  let program: Caller;

  beforeAll(async () => {
    world = await ChannelWorld.open();
    admin = world.admin;
    ann = await world.member('Ann');
    program = await world.apiKey({ ignore_acl: true });
  });
  afterAll(() => world.close());

  describe('a message', () => {
    it('answers with the message as everybody will read it', async () => {
      await world.channel('hello', { other_permissions: 'publish' });
      const payload = {
        text: 'hi',
        prototype: 1,
        constructor: 'Acme',
        nul: 'a\0b',
        half: '\ud800',
        list: [{}, null, 1.5],
      };
      const reply = await ann.http.post('/api/channels/Hello/publish', { payload });
      expect(reply).toMatchObject({ status: 201 });
      expect(reply.body).toEqual({
        id: 1,
        room: null,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        action: 'custom',
        author: { member: ann.id },
        metadata: { type: 'message' },
        payload,
      });
      expect(await history(ann, 'hello')).toEqual({
        records: [reply.body],
        position: 1,
        epoch: expect.any(String),
      });
    });

    it('names an API key as the author', async () => {
      await world.channel('programs');
      const { body } = await program.http.post('/api/channels/programs/publish', { payload: {} });
      expect(body).toMatchObject({ author: { api_key: expect.any(Number) } });
    });

    it('32 publishers at once get the numbers 1 to n, each once', async () => {
      await world.channel('crowd', { other_permissions: 'publish' });
      const publishers = Array.from({ length: 32 }, async (_, publisher) => {
        const numbers: number[] = [];
        for (let count = 0; count < 5; count++) {
          const { body } = await ann.http.post<{ id: number }>('/api/channels/crowd/publish', {
            payload: { publisher },
          });
          numbers.push(body.id);
        }
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        return numbers;
      });
      const numbers = (await Promise.all(publishers)).flat();
      expect(numbers.toSorted((a, b) => a - b)).toEqual(upTo(160));
      expect(idsOf(await history(ann, 'crowd', '?limit=100'))).toEqual(upTo(160).reverse().slice(0, 100));
    });

    it('a rolled back transaction leaves no message and no hole', async () => {
      await world.channel('rollback');
      await world.publish('rollback', { kept: 1 });
      const identity = await admin.identity();
      const messages = world.server.app.get(ChannelPublishing);
      const attempt = world.server.app.get(Transactions).run(async () => {
        expect(await messages.publish(identity, 'rollback', { payload: { lost: true } })).toMatchObject({ id: 2 });
        throw new Error('taken back');
      });
      await expect(attempt).rejects.toThrow('taken back');
      await world.publish('rollback', { kept: 2 });
      const { records } = await history(admin, 'rollback');
      expect(records.map(({ id, payload }) => ({ id, payload }))).toEqual([
        { id: 2, payload: { kept: 2 } },
        { id: 1, payload: { kept: 1 } },
      ]);
    });

    it('is off for everybody where custom_publish is off, and that is told only to those who may publish', async () => {
      await world.channel('muted', { custom_publish: false, other_permissions: 'publish' });
      await world.channel('hidden-muted', { custom_publish: false });
      for (const { http } of [admin, ann, program]) {
        expect(await http.post('/api/channels/muted/publish', { payload: {} })).toMatchObject({
          status: 403,
          body: { error: { code: 'channel.custom_publish_disabled' } },
        });
      }
      expect(await ann.http.post('/api/channels/hidden-muted/publish', { payload: {} })).toMatchObject({
        status: 404,
        body: { error: { code: 'channel.not_found' } },
      });
      await world.change('muted', { other_permissions: 'subscribe' });
      expect(await ann.http.post('/api/channels/muted/publish', { payload: {} })).toMatchObject({
        status: 403,
        body: { error: { code: 'channel.forbidden' } },
      });
    });

    it('needs a room where rooms are separate, and has none elsewhere', async () => {
      await world.channel('halls', { type: 'separate_rooms' });
      await world.channel('hall');
      const needed = { status: 400, body: { error: { code: 'channel.room_required' } } };
      expect(await admin.http.post('/api/channels/halls/publish', { payload: {} })).toMatchObject(needed);
      expect(await admin.http.post('/api/channels/halls/publish', { payload: {}, room: null })).toMatchObject(needed);
      expect(await world.publish('halls', {}, ' Große HALLE ')).toMatchObject({ id: 1, room: 'große halle' });
      expect(await world.publish('hall', {}, 'anything')).toMatchObject({ id: 1, room: null });
    });

    it.each([
      { payload: null },
      { payload: [] },
      { payload: 'text' },
      { payload: '{"json":"in text"}' },
      {},
      { payload: {}, room: '' },
      { payload: {}, room: 'x'.repeat(129) },
      { payload: {}, room: 'nul\0' },
      { payload: {}, room: 7 },
      { payload: {}, id: 7 },
      { payload: {}, author: { member: 1 } },
    ])('refuses %j and stores nothing', async (body) => {
      const before = await history(admin, 'hall');
      expect(await admin.http.post('/api/channels/hall/publish', body)).toMatchObject({
        status: 400,
        body: { error: { code: 'request.invalid' } },
      });
      expect(await history(admin, 'hall')).toEqual(before);
    });

    it.each([
      ['{"payload":', 'request.malformed_json'],
      ['{"payload":{"__proto__":{"administrator":true}}}', 'request.malformed_json'],
      ['{"payload":{"constructor":{"prototype":{"administrator":true}}}}', 'request.malformed_json'],
      [`{"payload":{"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`, 'request.invalid'],
    ])('survives %.40s', async (body, code) => {
      const reply = await admin.http.send('POST', '/api/channels/hall/publish', body);
      expect(reply).toMatchObject({ status: 400, body: { error: { code } } });
      expect(({} as { administrator?: unknown }).administrator).toBeUndefined();
    });

    describe('of large bodies', () => {
      const bodyOf = (bytes: number, filling = 'x'): string => {
        const frame = '{"payload":{"text":""}}';
        const size = Buffer.byteLength(filling);
        const text = filling.repeat(Math.floor((bytes - frame.length) / size));
        const blanks = ' '.repeat(bytes - frame.length - Buffer.byteLength(text));
        return frame.replace('""', `"${text}"`) + blanks;
      };
      const send = (body: string) => admin.http.send('POST', '/api/channels/hall/publish', body);

      it.each(['x', 'ä', '😀'])('65536 bytes of "%s" pass, one more is too large', async (filling) => {
        expect(await send(bodyOf(65_536, filling))).toMatchObject({ status: 201 });
        const before = await history(admin, 'hall', '?limit=1');
        expect(await send(bodyOf(65_537, filling))).toMatchObject({
          status: 413,
          body: { error: { code: 'request.too_large' } },
        });
        expect(await history(admin, 'hall', '?limit=1')).toEqual(before);
      });

      it.each([
        [65_536, 201],
        [65_537, 413],
      ])('%i bytes without an announced length: %i', async (bytes, status) => {
        const { url } = world.server;
        const response = await fetch(`${url}/api/channels/hall/publish`, {
          method: 'POST',
          headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
          body: new Blob([bodyOf(bytes)]).stream(),
          duplex: 'half',
        } as RequestInit);
        expect(response.status).toBe(status);
      });

      it('other routes keep the general limit', async () => {
        const reply = await admin.http.send('POST', '/api/channels', bodyOf(70_000));
        expect(reply).toMatchObject({ status: 400, body: { error: { code: 'request.invalid' } } });
      });
    });
  });

  describe('beside changes of the channel', () => {
    it.each([
      ['a lost permission', () => world.change('contested', { other_permissions: 'subscribe' }), 'updated', 403],
      ['the deletion', () => admin.http.delete('/api/channels/contested'), 'deleted', 404],
    ])('no message comes after %s', async (_what, change, action, refusal) => {
      const { id } = await world.channel('contested', { other_permissions: 'publish' });
      let accepted = 0;
      const publishUntilRefused = async (): Promise<number> => {
        for (;;) {
          const { status } = await ann.http.post('/api/channels/contested/publish', { payload: {} });
          if (status !== 201) return status;
          if (++accepted === 20) await change();
        }
      };
      const refusals = await Promise.all(Array.from({ length: 8 }, publishUntilRefused));
      expect(refusals).toEqual(refusals.map(() => refusal));
      const events = await world.server.app.get(EventLog).read(channelStreams.channel(id), 0, 1000);
      expect(events.map((event) => event.seq)).toEqual(upTo(accepted + 1));
      expect(events.at(-1)).toMatchObject({ type: 'channel', action });
      await admin.http.delete('/api/channels/contested');
    });

    it('a deleted channel is gone, and a later one of its name starts anew', async () => {
      await world.channel('phoenix', { other_permissions: 'publish' });
      await world.publish('phoenix', { of: 'the first' });
      await admin.http.delete('/api/channels/phoenix');
      for (const { http } of [admin, ann, program]) {
        expect(await http.get('/api/channels/phoenix/history')).toMatchObject({ status: 404 });
        expect(await http.post('/api/channels/phoenix/publish', { payload: {} })).toMatchObject({ status: 404 });
      }
      await world.channel('phoenix', { other_permissions: 'publish' });
      expect(await history(ann, 'phoenix')).toMatchObject({ records: [], position: 0 });
      expect(await world.publish('phoenix', { of: 'the second' })).toMatchObject({ id: 1 });
    });
  });
});
