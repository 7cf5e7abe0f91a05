import type { ChannelWorld } from './channels.fixture.js';
import type { HttpClient } from './support/http-client.js';

export interface Thing extends Record<string, unknown> {
  id: number;
}

export const BOOK_SCHEMA = [
  { name: 'title', type: 'string', filter_index: true, order_index: true },
  { name: 'isbn', type: 'string', unique: true },
  { name: 'pages', type: 'integer', filter_index: true, order_index: true },
  { name: 'read', type: 'boolean', filter_index: true },
  { name: 'printed', type: 'datetime', filter_index: true, order_index: true },
  { name: 'tags', type: 'array' },
  { name: 'notes', type: 'object' },
  { name: 'sequel', type: 'reference', target: 'self' },
];

export async function makeBooks({ admin }: ChannelWorld): Promise<void> {
  expect(await admin.http.post('/api/classes', { name: 'Book', schema: BOOK_SCHEMA })).toMatchObject({ status: 201 });
}

export async function createObject(http: HttpClient, values: object, of: string): Promise<Thing> {
  const reply = await http.post<Thing>(`/api/classes/${of}/objects`, values);
  expect(reply).toMatchObject({ status: 201 });
  return reply.body;
}

export const objectPath = (id: number, of = 'book'): string => `/api/classes/${of}/objects/${id}`;
