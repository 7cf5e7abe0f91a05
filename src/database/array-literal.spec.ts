import { openDatabase, type OpenDatabase } from '../../test/support/open-database.js';
import { arrayLiteral, jsonList, jsonRows } from './array-literal.js';

const texts = [
  'plain',
  null,
  '',
  ' ',
  'NULL',
  'null',
  '{a,"b"}',
  'back\\slash, \\\\ two, "quotes"',
  'tab\t, line\n, bell \u0007, \u2028, 😀',
];

const documents = [
  { text: 'plain' },
  null,
  { 'a "key"': ['{', '}', ',', 'NULL', '', ' '] },
  { text: 'back\\slash, "quotes", tab\t, line\n, nul \u0000, bell \u0007, \u2028, 😀, half \ud800' },
  [[], {}, { deep: [[['\\"']]] }],
];

describe('arrays as a parameter', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  const arrived = async (type: string, literal: string): Promise<unknown[]> => {
    const rows = await database.dataSource.query<{ value: unknown }[]>(
      `SELECT value FROM unnest($1::${type}[]) WITH ORDINALITY AS given (value, place) ORDER BY place`,
      [literal],
    );
    return rows.map(({ value }) => value);
  };

  it('of texts arrive as they were written, byte for byte', async () => {
    expect(await arrived('text', arrayLiteral(texts))).toEqual(texts);
  });

  it('of numbers and booleans arrive, with what is missing as null', async () => {
    expect(await arrived('integer', arrayLiteral([1, undefined, -2, 0]))).toEqual([1, null, -2, 0]);
    expect(await arrived('boolean', arrayLiteral([true, false, null]))).toEqual([true, false, null]);
  });

  it('may be empty', async () => {
    expect(await arrived('text', arrayLiteral([]))).toEqual([]);
  });
});

describe('JSON documents as a parameter', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  /** Beside their places, as they stand in statements. */
  const arrived = async (given: readonly (object | null)[]): Promise<unknown[]> => {
    const rows = await database.dataSource.query<{ text: string | null }[]>(
      `SELECT text FROM ROWS FROM (unnest($1::integer[]), ${jsonRows('$2')}) AS given (place, text) ORDER BY place`,
      [arrayLiteral(given.map((_, place) => place)), jsonList(given)],
    );
    return rows.map(({ text }) => text);
  };

  it('arrive as they were written, byte for byte', async () => {
    expect(await arrived(documents)).toEqual(documents.map((document) => document && JSON.stringify(document)));
  });

  it.each([
    ['none', []],
    ['nothing', [null]],
    ['nothing twice', [null, null]],
    ['one', [{}]],
    ['one after nothing', [null, { a: 1 }]],
    ['one before nothing', [{ a: 1 }, null]],
  ])('may be %s', async (_what, given) => {
    expect(await arrived(given)).toEqual(given.map((document) => document && JSON.stringify(document)));
  });
});
