import { Note, type OpenEventLog, openEventLog } from '../../test/support/open-event-log.js';
import { itWith } from '../../test/support/services.js';
import type { EventDraft } from './domain-event.js';

// Real: the database, TypeORM with its hooks, the whole events core.
describe('the event log', () => {
  let database: OpenEventLog;

  beforeAll(async () => (database = await openEventLog()));
  afterAll(() => database.close());

  const draft = (stream: string, text = ''): EventDraft => ({
    stream,
    action: 'told',
    type: 'note',
    path: null,
    resource: { text },
  });
  const numbers = async (stream: string): Promise<number[]> =>
    (await database.log.read(stream, 0, 10_000)).map((event) => event.seq);
  const upTo = (count: number): number[] => Array.from({ length: count }, (_value, index) => index + 1);

  it('numbers 64 parallel writers of 20 streams without holes or doubles', async () => {
    const streams = Array.from({ length: 20 }, (_value, index) => `busy/${index}`);
    await Promise.all(
      Array.from({ length: 64 }, (_value, writer) =>
        (async () => {
          for (let step = 0; step < 10; step += 1) {
            // Two streams each, in an order that differs from writer to writer.
            const [one, other] = [streams[(writer * 7 + step) % 20]!, streams[(writer * 3 + step * 5 + 1) % 20]!];
            const drafts = writer % 2 ? [draft(one), draft(other)] : [draft(other), draft(one)];
            await database.transactions.run((manager) => Promise.resolve(database.log.append(manager, drafts)));
          }
        })(),
      ),
    );
    const all = await Promise.all(streams.map(numbers));
    for (const seqs of all) expect(seqs).toEqual(upTo(seqs.length));
    expect(all.flat()).toHaveLength(64 * 10 * 2);
  });

  it('gives the events of one transaction consecutive numbers in the order they happened', async () => {
    const events = await database.transactions.run((manager) =>
      database.log.appendNow(manager, [draft('a/1', 'x'), draft('a/2', 'y'), draft('a/1', 'z')]),
    );
    expect(events.map(({ stream, seq, resource }) => [stream, seq, resource?.text])).toEqual([
      ['a/1', 1, 'x'],
      ['a/2', 1, 'y'],
      ['a/1', 2, 'z'],
    ]);
    expect(await database.log.read('a/1', 0, 10)).toEqual(events.filter((event) => event.stream === 'a/1'));
  });

  it('a numbered event carries its number and time in its view, fresh or read', async () => {
    const [event] = await database.transactions.run((manager) =>
      database.log.appendNow(manager, [{ ...draft('numbered/1', 'x'), numbered: true }]),
    );
    expect(event!.resource).toEqual({ text: 'x', id: 1, created_at: event!.createdAt });
    expect(await database.log.read('numbered/1', 0, 1)).toEqual([event]);
  });

  it('reads a history by room, type and number, newest first', async () => {
    await database.transactions.run((manager) =>
      Promise.resolve(
        database.log.append(manager, [
          { ...draft('h', '1'), room: 'a' },
          { ...draft('h', '2'), room: 'b' },
          { ...draft('h', '3'), type: 'other' },
          { ...draft('h', '4'), room: 'a' },
        ]),
      ),
    );
    const texts = async (query: object): Promise<unknown[]> =>
      (await database.log.history('h', { limit: 10, ...query })).map((event) => event.resource?.text);
    expect(await texts({})).toEqual(['4', '3', '2', '1']);
    expect(await texts({ room: 'a' })).toEqual(['4', '1']);
    expect(await texts({ room: null })).toEqual(['3']);
    expect(await texts({ types: ['note'], afterSeq: 1 })).toEqual(['4', '2']);
    expect(await texts({ beforeSeq: 4, limit: 2 })).toEqual(['3', '2']);
  });

  it('an event numbered after a change of access says so', async () => {
    const fenceOf = async (): Promise<number> => {
      const [event] = await database.transactions.run((manager) => database.log.appendNow(manager, [draft('fenced')]));
      return event!.fence;
    };
    const before = await fenceOf();
    await database.transactions.run((manager) => Promise.resolve(database.log.append(manager, [draft('access')])));
    expect(await fenceOf()).toBe(before + 1);
  });

  describe('writers that know the rules of a stream', () => {
    const message = (stream: string): EventDraft => ({ ...draft(stream), keepsRules: true });
    const rules = (stream: string): Promise<number> => database.log.rules(stream, database.dataSource.manager);
    const append = (...drafts: EventDraft[]): Promise<void> =>
      database.transactions.run((manager) => Promise.resolve(database.log.append(manager, drafts)));
    const known = async (...streams: string[]): Promise<Map<string, number>> =>
      new Map(await Promise.all(streams.map(async (stream) => [stream, await rules(stream)] as const)));

    it('messages keep them, everything else renews them', async () => {
      expect(await rules('rules/a')).toBe(0);
      await append(message('rules/a'));
      expect(await rules('rules/a')).toBe(0);
      await append(draft('rules/a'));
      expect(await rules('rules/a')).toBe(2);
      await append(message('rules/a'), draft('rules/a'), message('rules/a'), message('rules/b'));
      expect([await rules('rules/a'), await rules('rules/b')]).toEqual([4, 0]);
      await append(draft('rules/c'), message('rules/c'));
      expect(await rules('rules/c')).toBe(1);
    });

    it('write while they stay as they are, and nothing once they are others', async () => {
      await append(draft('rules/d'));
      const asRead = await known('rules/d');
      const [one] = await database.log.appendAlone([message('rules/d')], { rules: asRead });
      const more = await database.log.appendAlone([message('rules/d'), message('rules/d')], { rules: asRead });
      expect([one, ...more].map((event) => event?.seq)).toEqual([2, 3, 4]);
      await append(draft('rules/d'));
      expect(await database.log.appendAlone([message('rules/d')], { rules: asRead })).toEqual([null]);
      expect(await numbers('rules/d')).toEqual([1, 2, 3, 4, 5]);
    });

    it('of several streams: those with other rules by now are left out, the others get theirs', async () => {
      const [e, f, g] = ['rules/e', 'rules/f', 'rules/g'] as const;
      await append(message(e), message(f), message(g));
      const asRead = await known(e, f, g);
      await append(draft(f));
      const drafts = [message(g), message(f), message(e), message(g)];
      const events = await database.log.appendAlone(drafts, { rules: asRead, withoutWaiting: true });
      expect(events.map((event) => event && [event.stream, event.seq])).toEqual([[g, 2], null, [e, 2], [g, 3]]);
      expect([await numbers(e), await numbers(f), await numbers(g)]).toEqual([
        [1, 2],
        [1, 2],
        [1, 2, 3],
      ]);
    });

    it('a stream that has no row yet is not made by them', async () => {
      const asRead = await known('rules/none');
      expect(await database.log.appendAlone([message('rules/none')], { rules: asRead })).toEqual([null]);
      expect(await database.log.appendAlone([message('rules/none')], { rules: asRead, withoutWaiting: true })).toEqual([
        null,
      ]);
      expect(await numbers('rules/none')).toEqual([]);
    });

    itWith(
      ['postgres'],
      'one that is being written to is not waited for beside others, and waited for alone',
      async () => {
        const [h, i] = ['rules/h', 'rules/i'] as const;
        await append(message(h), message(i));
        const asRead = await known(h, i);
        let finish: () => void = () => undefined;
        const held = new Promise<void>((resolve) => (finish = resolve));
        let alone: Promise<unknown> = Promise.resolve();
        await database.transactions.run(async (manager) => {
          await database.log.appendNow(manager, [draft(h)]);
          const together = { rules: asRead, withoutWaiting: true };
          const events = await database.transactions.outside(() =>
            database.log.appendAlone([message(h), message(i)], together),
          );
          expect(events.map((event) => event?.seq)).toEqual([undefined, 2]);
          // It has begun before the rules change, and sees them changed all the same.
          alone = database.transactions.outside(() => database.log.appendAlone([message(h)], { rules: asRead }));
          await Promise.race([alone, manager.query('SELECT pg_sleep(0.05)')]);
          finish();
          await held;
        });
        expect(await alone).toEqual([null]);
      },
    );
  });

  it('text that JSON can hold but a database text cannot does not break the log', async () => {
    const resource = { text: 'a\u0000b\ud83d\ude00' };
    await database.transactions.run((manager) =>
      Promise.resolve(database.log.append(manager, [{ ...draft('odd'), resource }])),
    );
    expect((await database.log.read('odd', 0, 1))[0]!.resource).toEqual(resource);
  });

  itWith(['postgres'], 'two writers that touch two streams in opposite order never deadlock', async () => {
    const touch = async (first: string, second: string): Promise<void> => {
      for (let step = 0; step < 50; step += 1) {
        await database.transactions.run(async (manager) => {
          database.log.append(manager, [draft(first)]);
          await manager.query('SELECT pg_sleep(0.001)');
          database.log.append(manager, [draft(second)]);
        });
      }
    };
    await Promise.all([touch('x', 'y'), touch('y', 'x'), touch('x', 'y'), touch('y', 'x')]);
    expect(await numbers('x')).toEqual(upTo(200));
    expect(await numbers('y')).toEqual(upTo(200));
  });

  itWith(['postgres'], 'a transaction held open in one stream does not delay another, nor its own', async () => {
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const slow = database.transactions.run(async (manager) => {
      await manager.save(Note, { board: 'slow', text: 'held' });
      await held;
    });
    await database.transactions.run((manager) => manager.save(Note, { board: 'quick', text: 'a' }));
    await database.transactions.run((manager) => manager.save(Note, { board: 'slow', text: 'overtakes' }));
    expect(await numbers('boards/quick')).toEqual([1]);
    finish();
    await slow;
    const texts = (await database.log.read('boards/slow', 0, 10)).map((event) => event.resource?.text);
    expect(texts).toEqual(['overtakes', 'held']);
  });

  it('forgets events after the retention by dropping partitions, and goes on numbering', async () => {
    await database.transactions.run((manager) => database.log.appendNow(manager, [draft('old')]));
    const partitions = async (): Promise<number> =>
      (await database.dataSource.query(`SELECT 1 FROM pg_inherits WHERE inhparent = 'events'::regclass`)).length;
    database.clock.moveHours(23);
    expect(await numbers('old')).toEqual([1]);
    database.clock.moveHours(2);
    expect(await numbers('old')).toEqual([]);
    database.clock.moveHours(6);
    await database.retention.maintain();
    expect(await database.dataSource.query(`SELECT count(*) FROM events WHERE stream = 'old'`)).toEqual([
      { count: '0' },
    ]);
    // A machine that slept for a week: the first write makes its own partition.
    database.clock.moveHours(7 * 24);
    await database.transactions.run((manager) => database.log.appendNow(manager, [draft('old')]));
    expect(await numbers('old')).toEqual([2]);
    await database.retention.maintain();
    expect(await partitions()).toBeLessThan(30);
  });

  it('a rolled back write that had to make its partition leaves the next write able to', async () => {
    database.clock.moveHours(30 * 24);
    const failing = database.transactions.run(async (manager) => {
      await database.log.appendNow(manager, [draft('late')]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await database.transactions.run((manager) => database.log.appendNow(manager, [draft('late')]));
    expect(await numbers('late')).toEqual([1]);
  });
});
