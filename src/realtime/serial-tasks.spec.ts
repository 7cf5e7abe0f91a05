import { SerialTasks } from './serial-tasks.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the tasks of one client', () => {
  let done: string[];
  let release: () => void;
  const task = (name: string) => (): void => void done.push(name);
  const held = (name: string) => async (): Promise<void> => {
    await new Promise<void>((resolve) => (release = resolve));
    done.push(name);
  };

  beforeEach(() => (done = []));

  it('run one after another, in the order they came, however long one takes', async () => {
    const tasks = new SerialTasks(10);
    for (const one of [held('a'), task('b'), held('c'), task('d')]) tasks.add(one);
    await turn();
    expect(done).toEqual([]);
    release();
    await turn();
    expect(done).toEqual(['a', 'b']);
    release();
    await turn();
    expect(done).toEqual(['a', 'b', 'c', 'd']);
  });

  it('a task that another one adds waits for its turn like any other', async () => {
    const tasks = new SerialTasks(10);
    tasks.add(() => {
      tasks.add(task('inner'));
      done.push('outer');
    });
    await turn();
    expect(done).toEqual(['outer', 'inner']);
  });

  it('are not taken while too many wait, and again once these are done', async () => {
    const tasks = new SerialTasks(2);
    expect([held('a'), task('b'), task('c'), task('d')].map((one) => tasks.add(one))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    release();
    await turn();
    expect(tasks.add(task('e'))).toBe(true);
    await turn();
    expect(done).toEqual(['a', 'b', 'c', 'e']);
  });
});
