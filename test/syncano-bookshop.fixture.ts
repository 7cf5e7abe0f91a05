import type { HttpClient, HttpReply } from './support/http-client.js';
import type { Body, SyncanoWorld } from './syncano.fixture.js';

export interface Message extends Body {
  id: number;
  action: string;
  payload: Body;
}

interface History {
  next: string | null;
  prev: string | null;
  objects: Message[];
}

/** An instance with a class of books and a user, and short words for what one does there. */
export interface Bookshop {
  /** The API key that the user comes with. */
  key: string;
  insider: Awaited<ReturnType<SyncanoWorld['user']>>;
  poll(channel: string, query?: string, http?: HttpClient): Promise<HttpReply<Message>>;
  history(channel: string, query?: string, http?: HttpClient): Promise<HttpReply<History>>;
  book(more: object, http?: HttpClient): Promise<Body & { id: number }>;
  change(id: number, changes: object, http?: HttpClient): Promise<HttpReply<Body>>;
  remove(id: number): Promise<HttpReply<Body>>;
}

export async function bookshop(world: SyncanoWorld): Promise<Bookshop> {
  const { key } = await world.apiKey();
  const schema = [
    { name: 'title', type: 'string', filter_index: true, order_index: true },
    { name: 'reads', type: 'integer' },
  ];
  expect(await world.root.post(world.path('classes/'), { name: 'book', schema })).toMatchObject({ status: 201 });
  const object = (id: number): string => world.path(`classes/book/objects/${id}/`);
  return {
    key,
    insider: await world.user(key),
    poll: (channel, query = '', http = world.root) => http.get(world.path(`channels/${channel}/poll/${query}`)),
    history: (channel, query = '', http = world.root) => http.get(world.path(`channels/${channel}/history/${query}`)),
    book: async (more, http = world.root) => {
      const reply = await http.post<Body & { id: number }>(world.path('classes/book/objects/'), more);
      expect(reply).toMatchObject({ status: 201 });
      return reply.body;
    },
    change: (id, changes, http = world.root) => http.patch(object(id), changes),
    remove: (id) => world.root.delete(object(id)),
  };
}

export const idsOf = ({ body }: HttpReply<History>): number[] => body.objects.map(({ id }) => id);
