import type { EntityManager } from 'typeorm';
import { Note, type OpenEventLog, openEventLog } from '../../test/support/open-event-log.js';

// Real: the database, TypeORM with its hooks, the whole events core.
describe('events of a transaction', () => {
  let database: OpenEventLog;

  beforeAll(async () => (database = await openEventLog()));
  afterAll(() => database.close());
  beforeEach(() => database.hints.splice(0));

  const save = (manager: EntityManager, board: string, text: string): Promise<Note> =>
    manager.save(Note, manager.create(Note, { board, text }));
  const told = async (board: string): Promise<string[]> => {
    const events = await database.log.read(`boards/${board}`, 0, 1_000);
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
    return events.map((event) => `${event.action} ${String(event.resource?.text)}`);
  };
  const changedMyMind = new Error('changed my mind');

  it('a committed change has its event, and the bus hears of it once', async () => {
    await database.transactions.run((manager) => save(manager, 'commit', 'a'));
    expect(await told('commit')).toEqual(['created a']);
    expect(database.hints).toMatchObject([{ stream: 'boards/commit', from: 1, to: 1 }]);
  });

  it('a change saved without the helper has its event too', async () => {
    await database.dataSource.manager.save(Note, { board: 'bare', text: 'a' });
    expect(await told('bare')).toEqual(['created a']);
  });

  it('a rollback sends nothing', async () => {
    const work = database.transactions.run(async (manager) => {
      await save(manager, 'rollback', 'a');
      throw changedMyMind;
    });
    await expect(work).rejects.toBe(changedMyMind);
    expect(await told('rollback')).toEqual([]);
    expect(database.hints).toEqual([]);
  });

  it('a rolled back savepoint takes its events with it, those around it stay', async () => {
    await database.transactions.run(async (manager) => {
      await save(manager, 'savepoint', 'before');
      const inner = database.transactions.run(async (nested) => {
        await save(nested, 'savepoint', 'inside');
        throw changedMyMind;
      });
      await expect(inner).rejects.toBe(changedMyMind);
      await save(manager, 'savepoint', 'after');
    });
    expect(await told('savepoint')).toEqual(['created before', 'created after']);
  });

  it('each change of a row is an event with the row as it was then; a save that changes nothing is none', async () => {
    await database.transactions.run(async (manager) => {
      const note = await save(manager, 'steps', 'one');
      note.text = 'two';
      await manager.save(note);
      await manager.save(await manager.findOneByOrFail(Note, { id: note.id }));
      await manager.remove(note);
    });
    expect(await told('steps')).toEqual(['created one', 'updated two', 'deleted two']);
  });

  it('a partial save tells the whole row', async () => {
    const { id } = await database.transactions.run((manager) => save(manager, 'partial', 'one'));
    await database.transactions.run((manager) => manager.save(Note, { id, text: 'two' }));
    const events = await database.log.read('boards/partial', 1, 10);
    expect(events).toMatchObject([{ action: 'updated', resource: { id, board: 'partial', text: 'two' } }]);
  });

  it('an event written at once inside a savepoint goes with it', async () => {
    const draft = (text: string) => ({
      stream: 'boards/at-once',
      action: 'told',
      type: 'note',
      path: null,
      resource: { text },
    });
    await database.transactions.run(async (manager) => {
      database.log.append(manager, [draft('outer')]);
      const inner = database.transactions.run(async (nested) => {
        const [event] = await database.log.appendNow(nested, [draft('inner')]);
        expect(event).toMatchObject({ seq: 1, resource: { text: 'inner' } });
        throw changedMyMind;
      });
      await expect(inner).rejects.toBe(changedMyMind);
    });
    expect(await told('at-once')).toEqual(['told outer']);
  });

  it('random trees of transactions tell exactly what committed', async () => {
    const random = seeded(20_260_101);
    for (let tree = 0; tree < 60; tree += 1) {
      const board = `tree-${tree}`;
      const committed = await growTree(board, random);
      expect(await told(board)).toEqual(committed);
      const rows: { text: string }[] = await database.dataSource.query(
        'SELECT text FROM notes WHERE board = $1 ORDER BY id',
        [board],
      );
      expect(rows.map((row) => `created ${row.text}`)).toEqual(committed);
    }
  });

  /** Runs a random tree of nested transactions; returns what it should have told. */
  async function growTree(board: string, random: () => number): Promise<string[]> {
    let count = 0;
    const level = async (depth: number): Promise<string[]> => {
      const kept: string[] = [];
      await database.transactions.run(async (manager) => {
        for (let step = 0; step < 1 + random() * 4; step += 1) {
          if (depth < 4 && random() < 0.4) kept.push(...(await level(depth + 1).catch(() => [])));
          else {
            const text = `n${(count += 1)}`;
            await save(manager, board, text);
            kept.push(`created ${text}`);
          }
        }
        if (random() < 0.35) throw changedMyMind;
      });
      return kept;
    };
    return level(0).catch(() => []);
  }
});

/** A small deterministic generator (mulberry32), so that a failing tree can be grown again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
