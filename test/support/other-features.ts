import type { Person } from './people.js';
import { allRoutes } from './routes.js';

/** One thing of a feature that the tests were not written for, such as one that was added by docs/extending.md. */
export interface OtherFeature {
  /** Where the things are listed: `/api/polls`. */
  collection: string;
  id: number;
  /** The names of what members see of it. */
  fields: string[];
  /** The rooms in which members hear of it. */
  rooms: string[];
}

/** Makes one thing of each such feature, from the `example` that the schema of its body gives. */
export async function furnishOthers({ http }: Person): Promise<OtherFeature[]> {
  const routes = await allRoutes(http);
  const makers = routes.filter(({ method, template, example }) => method === 'POST' && example && !/{/.test(template));
  return Promise.all(
    makers.map(async ({ template: collection, example }) => {
      const { status, body: made } = await http.post<{ id: number }>(collection, example);
      if (status !== 201) throw new Error(`POST ${collection} does not accept the example of its schema: ${status}`);
      const paths = [collection, `${collection}/${made.id}`];
      const replies = await Promise.all(
        paths.map((path) => http.get<{ websockets?: { room: string }[] }>(`${path}?websockets=1`)),
      );
      const rooms = replies.flatMap(({ body }) => (body.websockets ?? []).map(({ room }) => room));
      return { collection, id: made.id, fields: Object.keys(made), rooms };
    }),
  );
}
