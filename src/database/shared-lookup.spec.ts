import { SharedLookup } from './shared-lookup.js';

const outside = { active: false, outside: <T>(work: () => T): T => work() };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Remembers what it was asked, and gives each key twice over. */
function doubling() {
  const questions: string[][] = [];
  const findAll = (keys: string[]): Promise<string[]> => {
    questions.push([...keys]);
    return Promise.resolve(keys.map((key) => key + key));
  };
  return { questions, findAll };
}

// Not real: the database.
describe('a shared lookup', () => {
  it('puts one question for all who ask in one turn, and each gets their own answer', async () => {
    const { questions, findAll } = doubling();
    const lookup = new SharedLookup(outside, findAll);
    expect(await Promise.all(['a', 'b', 'a'].map((key) => lookup.find(key)))).toEqual(['aa', 'bb', 'aa']);
    expect(questions).toEqual([['a', 'b', 'a']]);
  });

  it('nobody is answered from a question that was put before they asked', async () => {
    const { questions, findAll } = doubling();
    const lookup = new SharedLookup(outside, findAll);
    const first = lookup.find('a');
    await turn();
    expect(questions).toEqual([['a']]);
    await Promise.all([first, lookup.find('a')]);
    expect(questions).toEqual([['a'], ['a']]);
  });

  it('a failure is everybody’s who asked, and nobody’s after them', async () => {
    let broken = true;
    const lookup = new SharedLookup<string, string>(outside, (keys) =>
      broken ? Promise.reject(new Error('the database is away')) : Promise.resolve(keys),
    );
    const answers = await Promise.allSettled([lookup.find('a'), lookup.find('b')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    expect(await lookup.find('c')).toBe('c');
  });

  it('a question from inside a transaction is put by itself, so that its failure is nobody else’s', async () => {
    const { questions, findAll } = doubling();
    const surroundings = { ...outside, active: false };
    const lookup = new SharedLookup(surroundings, findAll);
    const other = lookup.find('a');
    surroundings.active = true;
    const own = lookup.find('b');
    expect(questions).toEqual([['b']]);
    expect(await Promise.all([other, own])).toEqual(['aa', 'bb']);
  });
});
