import { unavailable } from '../common/domain-error.js';
import { type Batch, GroupCommit, type Outcome } from './group-commit.js';

const outside = { bound: false, outside: <T>(work: () => T): T => work() };

/** A write that is held until the test lets it go, and remembers what it was given. */
function heldWrites() {
  const batches: string[][] = [];
  const waiting: (() => void)[] = [];
  const write = async (_key: string, items: string[]): Promise<Outcome<string>[]> => {
    batches.push(items);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return items.map((item) => (item === 'refused' ? { error: new Error(item) } : { result: item }));
  };
  return { batches, write, release: () => waiting.shift()?.() };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a group commit', () => {
  it('writes the first item at once and what waits meanwhile as one batch, in order', async () => {
    const { batches, write, release } = heldWrites();
    const group = new GroupCommit(outside, write);
    const results = ['a', 'b', 'c'].map((item) => group.submit('k', item));
    expect(batches).toEqual([['a']]);
    release();
    await turn();
    expect(batches).toEqual([['a'], ['b', 'c']]);
    release();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['takes half of those who wait and were written last, while this process has idle time', 0.5, [1, 16, 15]],
    ['takes all who wait, when this process has no idle time', 0, [1, 31]],
  ])('%s', async (_what, idle, sizes) => {
    const { batches, write, release } = heldWrites();
    const group = new GroupCommit(outside, write, undefined, { share: () => idle });
    const items = Array.from({ length: 32 }, (_, index) => `${index}`);
    const results = items.map((item) => group.submit('k', item));
    while (batches.flat().length < items.length) {
      release();
      await turn();
    }
    release();
    expect(batches.map(({ length }) => length)).toEqual(sizes);
    expect(batches.flat()).toEqual(items);
    expect(await Promise.all(results)).toEqual(items);
  });

  it('keys do not wait for each other', async () => {
    const { batches, write, release } = heldWrites();
    const group = new GroupCommit(outside, write);
    const results = [group.submit('one', 'a'), group.submit('other', 'b')];
    expect(batches).toEqual([['a'], ['b']]);
    release();
    release();
    await Promise.all(results);
  });

  it('a refused item fails alone', async () => {
    const { write, release } = heldWrites();
    const group = new GroupCommit(outside, write);
    const first = group.submit('k', 'a');
    const refused = group.submit('k', 'refused');
    const last = group.submit('k', 'b');
    release();
    await turn();
    release();
    await expect(refused).rejects.toThrow('refused');
    expect(await Promise.all([first, last])).toEqual(['a', 'b']);
  });

  it('an item that breaks the write fails alone: the others are written one by one', async () => {
    const batches: string[][] = [];
    const group = new GroupCommit<string, string>(outside, async (_key, items) => {
      batches.push(items);
      await turn();
      if (items.includes('broken')) throw new Error('broken');
      return items.map((item) => ({ result: item }));
    });
    const results = await Promise.allSettled(['a', 'b', 'broken', 'c'].map((item) => group.submit('k', item)));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([['a'], ['b', 'broken', 'c'], ['b'], ['broken'], ['c']]);
  });

  it('nothing is written twice when the database was lost: the commit may have happened', async () => {
    let writes = 0;
    const group = new GroupCommit<string, string>(outside, async () => {
      writes += 1;
      await turn();
      throw unavailable('service.unavailable', 'away');
    });
    const results = await Promise.allSettled(['a', 'b', 'c'].map((item) => group.submit('k', item)));
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(writes).toBe(2);
  });

  it('who has waited too long for their turn is refused and may try again, and nothing of theirs is written', async () => {
    const { batches, write, release } = heldWrites();
    const group = new GroupCommit(outside, write);
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const first = group.submit('k', 'hangs');
    const late = group.submit('k', 'late');
    now = 5_000;
    const patient = group.submit('k', 'patient');
    now = 10_001;
    release();
    await expect(late).rejects.toMatchObject({ code: 'service.unavailable', retryable: true });
    release();
    expect(await Promise.all([first, patient])).toEqual(['hangs', 'patient']);
    expect(batches).toEqual([['hangs'], ['patient']]);
    clock.mockRestore();
  });

  it('inside a transaction of the caller the item is written there, alone', async () => {
    const { batches, write, release } = heldWrites();
    const group = new GroupCommit({ ...outside, bound: true }, write);
    const both = Promise.all([group.submit('k', 'a'), group.submit('k', 'b')]);
    expect(batches).toEqual([['a'], ['b']]);
    release();
    release();
    expect(await both).toEqual(['a', 'b']);
  });

  describe('of many keys', () => {
    /** Writes by itself and with others, both held until the test lets the oldest go. */
    function sharedWrites(refuses: (key: string) => boolean = () => false) {
      const own = heldWrites();
      const shared: Batch<string>[][] = [];
      const waiting: (() => void)[] = [];
      const writeSeveral = async (batches: Batch<string>[]): Promise<(Outcome<string>[] | null)[]> => {
        shared.push(batches);
        await new Promise<void>((resolve) => waiting.push(resolve));
        return batches.map(({ key, items }) => (refuses(key) ? null : items.map((item) => ({ result: item }))));
      };
      return { ...own, shared, writeSeveral, releaseShared: () => waiting.shift()?.() };
    }

    it('the first two are written at once, and what waits for the others shares a write', async () => {
      const { batches, shared, write, writeSeveral, releaseShared, release } = sharedWrites();
      const group = new GroupCommit(outside, write, writeSeveral);
      const results = ['a1', 'b1', 'c1', 'd1', 'e1', 'd2', 'a2'].map((item) => group.submit(item[0]!, item));
      expect(batches).toEqual([['a1'], ['b1']]);
      expect(shared).toEqual([[{ key: 'c', items: ['c1'] }]]);
      releaseShared();
      await turn();
      expect(shared[1]).toEqual([
        { key: 'd', items: ['d1', 'd2'] },
        { key: 'e', items: ['e1'] },
      ]);
      releaseShared();
      release();
      release();
      await turn();
      release();
      expect(await Promise.all(results)).toEqual(['a1', 'b1', 'c1', 'd1', 'e1', 'd2', 'a2']);
      expect(batches).toEqual([['a1'], ['b1'], ['a2']]);
    });

    it('a key that hangs holds up no other one', async () => {
      const { batches, shared, write, writeSeveral, releaseShared } = sharedWrites();
      const group = new GroupCommit(outside, write, writeSeveral);
      void group.submit('hangs', 'x');
      void group.submit('hangs too', 'x');
      for (const item of ['a1', 'a2', 'a3']) {
        const sent = group.submit('a', item);
        releaseShared();
        expect(await sent).toBe(item);
      }
      expect(batches).toEqual([['x'], ['x']]);
      expect(shared).toHaveLength(3);
    });

    it('what cannot be written with others is written by itself, and those that come later wait for it', async () => {
      const { batches, write, writeSeveral, releaseShared, release } = sharedWrites((key) => key === 'odd');
      const group = new GroupCommit(outside, write, writeSeveral);
      const first = ['x', 'y'].map((key) => group.submit(key, key));
      const odd = group.submit('odd', 'o1');
      const plain = group.submit('plain', 'p1');
      releaseShared();
      await turn();
      const later = group.submit('odd', 'o2');
      expect(batches).toEqual([['x'], ['y'], ['o1']]);
      releaseShared();
      expect(await plain).toBe('p1');
      release();
      release();
      release();
      await turn();
      release();
      expect(await Promise.all([...first, odd, later])).toEqual(['x', 'y', 'o1', 'o2']);
      expect(batches).toEqual([['x'], ['y'], ['o1'], ['o2']]);
    });

    it('a shared write that breaks is repeated for each by itself', async () => {
      const { batches, write, release } = heldWrites();
      const group = new GroupCommit(outside, write, () => Promise.reject(new Error('broken')));
      const results = ['a', 'b', 'c', 'd'].map((item) => group.submit(item, item));
      await turn();
      for (const _one of results) release();
      expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
      expect(batches).toEqual([['a'], ['b'], ['c'], ['d']]);
    });

    it('nothing of a shared write is repeated when the database was lost', async () => {
      const { batches, write, release } = heldWrites();
      const away = (): Promise<never> => Promise.reject(unavailable('service.unavailable', 'away'));
      const group = new GroupCommit(outside, write, away);
      const results = Promise.allSettled(['a', 'b', 'c'].map((item) => group.submit(item, item)));
      release();
      release();
      expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
      expect(batches).toEqual([['a'], ['b']]);
    });
  });
});
