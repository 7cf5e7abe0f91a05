import { unavailable } from '../common/domain-error.js';
import { GroupCommit, type Outcome } from './group-commit.js';

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
});
