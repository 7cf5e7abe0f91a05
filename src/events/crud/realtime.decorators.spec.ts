import { Logger } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Note, type OpenEventLog, openEventLog } from '../../../test/support/open-event-log.js';
import { CreateResult, DeleteResult, SaveResult, UpdateResult } from './crud-results.js';
import { RealtimeDrafts } from './realtime.drafts.js';
import {
  RealtimeCreated,
  RealtimeDeleted,
  RealtimeSaved,
  RealtimeUpdated,
  ResourcePath,
} from './realtime.decorators.js';
import { RealtimeExplorer } from './realtime.explorer.js';

interface Todo {
  id: string;
  list: string;
  label?: string;
}

const failure = new Error('no');

class Todos {
  private readonly prefix = 'todo';

  @RealtimeCreated<Todo>({ room: '/fixed', path: (todo) => `/todo/${todo.id}` })
  create(todo: Todo): Promise<CreateResult<Todo>> {
    return Promise.resolve(new CreateResult(this.prefix, todo));
  }

  @RealtimeCreated<Todo>('/positional', (todo) => `/todo/${todo.id}`)
  createPositional(todo: Todo): CreateResult<Todo> {
    return new CreateResult('todo', todo);
  }

  @RealtimeCreated<Todo>({ room: (todo) => `/lists/${todo.list}` })
  createInList(todo: Todo): Promise<CreateResult<Todo>> {
    return Promise.resolve(new CreateResult('todo', todo));
  }

  @RealtimeUpdated<Todo>([
    { room: '/short', resource: { short: true } },
    { room: '/long', resource: { long: true } },
  ])
  update(todo: Todo): Promise<UpdateResult<Todo>> {
    return Promise.resolve(new UpdateResult('todo', todo));
  }

  @RealtimeUpdated<Todo>({ room: ResourcePath.get(['/one', '/two']) })
  updateTwoRooms(todo: Todo): Promise<UpdateResult<Todo>> {
    return Promise.resolve(new UpdateResult('todo', todo));
  }

  @RealtimeSaved({ room: '/saved' })
  save(todo: Todo, operation: 'create' | 'update' | 'exists'): Promise<SaveResult<Todo>> {
    return Promise.resolve(new SaveResult('todo', todo, operation));
  }

  @RealtimeDeleted({ room: '/deleted' })
  delete(todo: Todo, deleted: boolean): Promise<DeleteResult<Todo>> {
    return Promise.resolve(new DeleteResult('todo', todo, deleted));
  }

  @RealtimeCreated({ room: '/plain' })
  returnAnything(value: unknown): Promise<unknown> {
    return Promise.resolve(value);
  }

  @RealtimeCreated({ room: '/rejected' })
  reject(): Promise<CreateResult<Todo>> {
    return Promise.reject(failure);
  }

  @RealtimeCreated<Todo>(() => [])
  tellNobody(todo: Todo): Promise<CreateResult<Todo>> {
    return Promise.resolve(new CreateResult('todo', todo));
  }

  @RealtimeCreated<Todo>(() => null)
  tellNull(todo: Todo): Promise<CreateResult<Todo>> {
    return Promise.resolve(new CreateResult('todo', todo));
  }

  @RealtimeCreated<Todo>([
    {
      room: () => {
        throw failure;
      },
    },
    { room: '/healthy' },
  ])
  withFaultyRecipient(todo: Todo): Promise<CreateResult<Todo>> {
    return Promise.resolve(new CreateResult('todo', todo));
  }

  @RealtimeCreated<Todo>({
    room: (_todo, context) => `/by/${(context as { user?: { id: string } }).user?.id ?? 'nobody'}`,
  })
  createFor(todo: Todo, _context?: unknown): Promise<CreateResult<Todo>> {
    return Promise.resolve(new CreateResult('todo', todo));
  }

  @RealtimeCreated({ room: '/empty' })
  createNothing(): Promise<CreateResult<null>> {
    return Promise.resolve(new CreateResult('todo', null));
  }

  @RealtimeSaved({ room: '/stacked', path: '/outer' })
  @RealtimeSaved({ room: '/stacked', path: '/inner' })
  stacked(todo: Todo): Promise<SaveResult<Todo>> {
    return Promise.resolve(new SaveResult('todo', todo, 'create'));
  }

  @RealtimeCreated({ room: '/entities' })
  leak(note: Note): Promise<CreateResult<Note>> {
    return Promise.resolve(new CreateResult('note', note));
  }
}

// Real: the database and the events core. The numbers are the cases of docs/dialects/socket-io.md.
describe('a decorated service method', () => {
  let database: OpenEventLog;
  let todos: Todos;
  const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);

  beforeAll(async () => {
    database = await openEventLog();
    const drafts = new RealtimeDrafts(database.dataSource);
    todos = new Todos();
    new RealtimeExplorer({} as DiscoveryService, database.transactions, database.log, drafts).attach(
      todos as unknown as Record<string, unknown>,
    );
  });
  beforeEach(() => errors.mockClear());
  afterAll(() => database.close());

  const told = async (room: string): Promise<object[]> =>
    (await database.log.read(`workspaces/1/rooms${room}`, 0, 100)).map(({ action, type, path, resource }) => ({
      action,
      type,
      path,
      resource,
    }));
  const ink: Todo = { id: '17', list: 'a', label: 'buy ink' };

  it('20: tells its room, with the path computed from the entity', async () => {
    await todos.create(ink);
    expect(await told('/fixed')).toEqual([{ action: 'created', type: 'todo', path: '/todo/17', resource: ink }]);
  });

  it('20: also in the positional form, and a synchronous method becomes asynchronous', async () => {
    await expect(todos.createPositional(ink)).resolves.toBeInstanceOf(CreateResult);
    expect(await told('/positional')).toEqual([{ action: 'created', type: 'todo', path: '/todo/17', resource: ink }]);
  });

  it('21: a room given as a function separates two entities', async () => {
    await todos.createInList(ink);
    await todos.createInList({ ...ink, list: 'b' });
    expect(await told('/lists/a')).toHaveLength(1);
    expect(await told('/lists/b')).toHaveLength(1);
  });

  it('22: two recipients get their own resource, with the same action and type', async () => {
    await todos.update(ink);
    expect(await told('/short')).toEqual([{ action: 'updated', type: 'todo', path: '/', resource: { short: true } }]);
    expect(await told('/long')).toEqual([{ action: 'updated', type: 'todo', path: '/', resource: { long: true } }]);
  });

  it('23: one recipient with two paths tells both rooms', async () => {
    await todos.updateTwoRooms(ink);
    expect(await told('/one')).toHaveLength(1);
    expect(await told('/two')).toHaveLength(1);
  });

  it('24: another return value passes through and tells nobody', async () => {
    const other = new UpdateResult('todo', ink);
    expect(await todos.returnAnything(42)).toBe(42);
    expect(await todos.returnAnything(other)).toBe(other);
    expect(await told('/plain')).toEqual([]);
  });

  it('25: a rejection is the same for the caller and tells nobody', async () => {
    await expect(todos.reject()).rejects.toBe(failure);
    expect(await told('/rejected')).toEqual([]);
  });

  it('26: a deletion is told only when something was deleted', async () => {
    await todos.delete(ink, false);
    expect(await told('/deleted')).toEqual([]);
    await todos.delete(ink, true);
    expect(await told('/deleted')).toMatchObject([{ action: 'deleted' }]);
  });

  it('27: saved is told for every operation, "exists" included, and the result is the same object', async () => {
    const result = await todos.save(ink, 'exists');
    expect(result).toMatchObject({ type: 'todo', entity: ink, operation: 'exists' });
    await todos.save(ink, 'create');
    expect(await told('/saved')).toMatchObject([{ action: 'saved' }, { action: 'saved' }]);
  });

  it('28: no recipients, no event, not even in the room "/"', async () => {
    await todos.tellNobody(ink);
    await todos.tellNull(ink);
    expect(await told('/')).toEqual([]);
    expect(errors).not.toHaveBeenCalled();
  });

  it('29: a faulty recipient is logged, the caller gets the result and the others their event', async () => {
    await expect(todos.withFaultyRecipient(ink)).resolves.toBeInstanceOf(CreateResult);
    expect(await told('/healthy')).toHaveLength(1);
    expect(errors).toHaveBeenCalledTimes(1);
  });

  it('30: a call without context does not break a resolver that uses it', async () => {
    await todos.createFor(ink);
    await todos.createFor(ink, { user: { id: 'ann' } });
    expect(await told('/by/nobody')).toHaveLength(1);
    expect(await told('/by/ann')).toHaveLength(1);
  });

  it('31: "this" is the service', async () => {
    expect((await todos.create(ink)).type).toBe('todo');
  });

  it('32: a null entity is told as null', async () => {
    await todos.createNothing();
    expect(await told('/empty')).toEqual([{ action: 'created', type: 'todo', path: '/', resource: null }]);
  });

  it('33: without a path it is "/"', async () => {
    await todos.createInList({ ...ink, list: 'c' });
    expect(await told('/lists/c')).toMatchObject([{ path: '/' }]);
  });

  it('stacked decorators all tell, innermost first', async () => {
    await todos.stacked(ink);
    expect(await told('/stacked')).toMatchObject([{ path: '/inner' }, { path: '/outer' }]);
  });

  it('a database entity never leaves as it is', async () => {
    await todos.leak(Object.assign(new Note(), { id: 1, secret: 'canary' }));
    expect(await told('/entities')).toEqual([]);
    expect(errors).toHaveBeenCalledTimes(1);
  });

  it('the event shares the transaction of what the method wrote: a rollback around it takes both', async () => {
    const around = database.transactions.run(async () => {
      await todos.createInList({ ...ink, list: 'rolled-back' });
      throw failure;
    });
    await expect(around).rejects.toBe(failure);
    expect(await told('/lists/rolled-back')).toEqual([]);
  });
});
