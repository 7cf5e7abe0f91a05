import type { HttpClient } from './http-client.js';

export interface BodySchema {
  $ref?: string;
  anyOf?: BodySchema[];
  properties?: Record<string, BodySchema>;
  required?: string[];
  example?: object;
}

/** One REST route as the API documentation lists it. */
export interface Route {
  /** `POST /api/groups/{id}/members` */
  name: string;
  method: string;
  template: string;
  query: string[];
  /** The fields that its body may have; null for a route without a body. */
  fields: string[] | null;
  /** A body that it accepts, where its schema gives one. */
  example?: object;
}

interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, BodySchema> };
}

interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: BodySchema }> };
}

/** After these somebody can do nothing more, so they have places of their own. */
const PLACES: Record<string, number> = { 'POST /api/members/{id}/ban': 390, 'POST /api/auth/logout-everywhere': 1_000 };

/** Every route that the server has: reading ones first, deleting ones last, what is inside before what it is in. */
export async function allRoutes(http: HttpClient): Promise<Route[]> {
  const { body } = await http.get<ApiDocument>('/docs-json');
  const routes = Object.entries(body.paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => toRoute(body, method.toUpperCase(), template, operation)),
  );
  const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const place = ({ name, method, template }: Route): number =>
    PLACES[name] ?? order.indexOf(method) * 100 - (method === 'DELETE' ? template.split('/').length : 0);
  return routes.sort((one, other) => place(one) - place(other));
}

function toRoute(document: ApiDocument, method: string, template: string, operation: Operation): Route {
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const fields = schema ? fieldsOf(document, schema) : null;
  const example = schema && known(document, schema).example;
  return { name: `${method} ${template}`, method, template, query, fields, example };
}

function known(document: ApiDocument, schema: BodySchema): BodySchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : document.components.schemas[name]!;
}

function fieldsOf(document: ApiDocument, schema: BodySchema): string[] {
  const { properties = {}, anyOf = [] } = known(document, schema);
  return [...Object.keys(properties), ...anyOf.flatMap((one) => fieldsOf(document, one))];
}
