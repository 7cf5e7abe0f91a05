import { parseJson } from '../../../common/json.js';
import { OBJECT_LEVELS, type ObjectInput } from '../../../modules/objects/index.js';
import { WireError } from '../wire/errors.js';
import { Form } from '../wire/form.js';
import { type PageQuery, pageQuery, parameter, type Query } from '../wire/lists.js';

/** A new object, or a change of one; whatever is neither a field of every object nor of the class is ignored. */
export function objectForm(body: unknown): ObjectInput {
  const form = new Form(body);
  const input = {
    values: form.all,
    strict: false,
    owner: form.pk('owner'),
    owner_permissions: form.choice('owner_permissions', OBJECT_LEVELS),
    group: form.pk('group'),
    group_permissions: form.choice('group_permissions', OBJECT_LEVELS),
    other_permissions: form.choice('other_permissions', OBJECT_LEVELS),
    channel: textOrNone(form, 'channel')?.toLowerCase(),
    channel_room: textOrNone(form, 'channel_room'),
    expected_revision: form.raw('expected_revision') === null ? undefined : form.integer('expected_revision'),
  };
  form.check();
  return input;
}

function textOrNone(form: Form, name: string): string | undefined {
  const sent = form.raw(name);
  return sent === null || sent === '' ? undefined : form.text(name);
}

/** Which objects a list asks for. `order_by` goes before `ordering`. */
export interface ObjectsQuery {
  page: PageQuery;
  orderBy: string;
  query: unknown;
  count: boolean;
}

export function objectsQuery(query: Query): ObjectsQuery {
  const sorted = parameter(query, 'order_by');
  const page = pageQuery(query);
  const filter = parameter(query, 'query');
  const parsed = filter === undefined ? undefined : parseJson(filter);
  if (filter !== undefined && parsed === undefined)
    throw new WireError(400, { query: 'Query is not a valid JSON string.' });
  return {
    page: sorted === undefined ? page : { ...page, descending: sorted.startsWith('-') },
    orderBy: sorted?.replace(/^-/, '') ?? 'id',
    query: parsed,
    count: /^(true|1)$/i.test(parameter(query, 'include_count') ?? ''),
  };
}
