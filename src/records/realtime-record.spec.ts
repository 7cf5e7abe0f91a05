import { z } from 'zod';
import type { Identity } from '../auth/identity.js';
import { definitionOf } from './record-definition.js';
import { administrators, authors, decide, everybody, members } from './record-rules.js';
import { viewOf } from './record.view.js';
import { RealtimeRecord } from './realtime-record.js';
import { AuthoredRecord, WorkspaceRecord } from './workspace-record.js';

const view = z.strictObject({
  id: z.int(),
  author_id: z.int(),
  due_at: z.iso.datetime().nullable(),
  tags: z.array(z.strictObject({ name: z.string() })),
});
const create = z.strictObject({ due_at: z.date().nullable().optional() });

@RealtimeRecord({
  type: 'task',
  path: '/tasks',
  view,
  create,
  may: { read: members, create: members, finish: [authors, administrators], archive: administrators },
})
class Task extends AuthoredRecord {
  dueAt: Date | null;
  tags: { name: string }[];
  secret: string;
}

const given = { id: 7, workspaceId: 1, authorId: 3, dueAt: null, tags: [], secret: 'c4n4ry' };
const task = (more: object = {}): Task => Object.assign(new Task(), given, more);
const member = (memberId: number, more: object = {}): Identity =>
  ({ kind: 'member', memberId, workspaceId: 1, administrator: false, ...more }) as Identity;
const program: Identity = {
  ...{ kind: 'api_key', apiKeyId: 1, memberId: null },
  ...{ workspaceId: 1, administrator: false, ignoreAcl: true },
};
const may = (identity: Identity, row: Task | null): string[] | null => {
  const decision = decide(definitionOf(Task), identity, row);
  return decision && [...decision.actions].sort();
};

describe('the view of a record', () => {
  it('has what the schema names, times as text, and nothing else', () => {
    const dueAt = new Date('2026-01-31T09:30:00.000Z');
    expect(viewOf(task({ dueAt }))).toEqual({ id: 7, author_id: 3, due_at: '2026-01-31T09:30:00.000Z', tags: [] });
    expect(viewOf(task())).toEqual({ id: 7, author_id: 3, due_at: null, tags: [] });
  });

  it('is all that a row shows as JSON, should it get out by mistake', () => {
    expect(JSON.stringify({ rows: [task()] })).toBe('{"rows":[{"id":7,"author_id":3,"due_at":null,"tags":[]}]}');
  });

  it('is refused when something inside is more than the schema names', () => {
    expect(() => viewOf(task({ tags: [{ name: 'x', secret: 'c4n4ry' }] }))).toThrow('secret');
    const refused = (): unknown => viewOf(task({ authorId: 'c4n4ry' }));
    expect(refused).toThrow('author_id');
    expect(refused).not.toThrow('c4n4ry');
  });
});

describe('who may do what with a record', () => {
  it('follows from the table, for the list and for one', () => {
    expect(may(member(3), null)).toEqual(['create', 'read', 'subscribe']);
    expect(may(member(3), task())).toEqual(['finish', 'read', 'subscribe']);
    expect(may(member(4), task())).toEqual(['read', 'subscribe']);
    expect(may(member(4, { administrator: true }), task())).toEqual(['archive', 'finish', 'read', 'subscribe']);
  });

  it('is nothing for those who may not read, and for everybody elsewhere', () => {
    expect([may(program, null), may(program, task())]).toEqual([null, null]);
    const elsewhere = member(3, { workspaceId: 2, administrator: true });
    expect(may(elsewhere, task())).toBeNull();
  });

  it('a program is nobody, also where nobody is the author', () => {
    expect(authors(program, { authorId: null as unknown as number })).toBe(false);
    expect([everybody(program), members(program), administrators(program)]).toEqual([true, false, false]);
  });
});

describe('a description of records', () => {
  const described = (more: object, Entity: new () => WorkspaceRecord = class Thing extends WorkspaceRecord {}) => {
    const description = {
      type: 'thing',
      path: '/things',
      view: z.strictObject({ id: z.int() }),
      may: { read: members },
    };
    return (): void => RealtimeRecord({ ...description, ...more })(Entity);
  };

  it.each<[string, object, string]>([
    ['a type that is no word', { type: 'My Thing' }, 'no lower case word'],
    ['a path that is none', { path: 'things/' }, 'does not look like "/polls"'],
    ['a field that replies have already', { view: z.strictObject({ position: z.int() }) }, '"position"'],
    ['a body that nobody may send', { create: z.strictObject({}) }, 'nobody may'],
    ['a change that nobody may make', { update: z.strictObject({}) }, 'nobody may'],
    [
      'an id of the client',
      { create: z.strictObject({ id: z.int() }), may: { read: members, create: members } },
      '"id"',
    ],
    [
      'a workspace of the client',
      { update: z.strictObject({ workspace_id: z.int() }), may: { read: members, update: members } },
      '"workspace_id"',
    ],
  ])('is refused with %s', (_fault, more, message) => {
    expect(described({})).not.toThrow();
    expect(described(more)).toThrow(message);
  });

  it('is missed where it is not', () => {
    class Bare extends WorkspaceRecord {}
    expect(() => definitionOf(Bare)).toThrow('Bare has no @RealtimeRecord');
  });

  it('is checked by the compiler', () => {
    const text = z.strictObject({ name: z.string() });
    const rules = { read: members, create: members };
    class Named extends WorkspaceRecord {
      name: string;
    }
    class Counted extends WorkspaceRecord {
      name: number;
    }
    RealtimeRecord({ type: 'named', path: '/named', view: text, create: text, may: rules })(Named);
    class Nameless extends WorkspaceRecord {}
    // @ts-expect-error The view names what the row does not have.
    RealtimeRecord({ type: 'named', path: '/named', view: text, may: rules })(Nameless);
    // @ts-expect-error The view says text, the row has a number.
    RealtimeRecord({ type: 'named', path: '/named', view: text, may: rules })(Counted);
    const id = z.strictObject({ id: z.int() });
    // @ts-expect-error The body says text, the row has a number.
    RealtimeRecord({ type: 'named', path: '/named', view: id, create: text, may: rules })(Counted);
    // @ts-expect-error Authors are asked for, and the row has none.
    RealtimeRecord({ type: 'named', path: '/named', view: text, may: { ...rules, delete: authors } })(Named);
    // @ts-expect-error Who may read is one answer for all records, so that the room of all can give it.
    RealtimeRecord({ type: 'task', path: '/tasks', view, may: { read: authors } });
  });
});
