import { openDatabase, type OpenDatabase } from '../../test/support/open-database.js';
import { jsonArray } from './json-array.js';

const documents = [
  { text: 'plain' },
  null,
  { 'a "key"': ['{', '}', ',', 'NULL', '', ' '] },
  { text: 'back\\slash, "quotes", tab\t, line\n, nul \u0000, bell \u0007, \u2028, 😀, half \ud800' },
  [[], {}, { deep: [[['\\"']]] }],
];

describe('JSON documents as a parameter', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  it('arrive as they were written, byte for byte', async () => {
    const rows = await database.dataSource.query<{ text: string | null }[]>(
      'SELECT text FROM unnest($1::text[]) WITH ORDINALITY AS given (text, place) ORDER BY place',
      [jsonArray(documents)],
    );
    expect(rows.map(({ text }) => text)).toEqual(documents.map((document) => document && JSON.stringify(document)));
  });

  it('may be none', async () => {
    expect(await database.dataSource.query('SELECT cardinality($1::text[]) AS count', [jsonArray([])])).toEqual([
      { count: 0 },
    ]);
  });
});
