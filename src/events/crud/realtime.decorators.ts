import { CreateResult, DeleteResult, SaveResult, UpdateResult } from './crud-results.js';

/** Several rooms (and one name for all of them) in one recipient. */
export class ResourcePath {
  readonly name = 'default';

  private constructor(readonly path: string[]) {}

  static get(path: string | string[]): ResourcePath {
    return new ResourcePath(Array.isArray(path) ? path : [path]);
  }
}

export type Rooms = string | string[] | ResourcePath;
type Resolver<Entity, Value> = (entity: Entity, context?: unknown) => Value;

/** One place to tell: `room` and `path` are texts or functions of the result's entity; `resource` replaces the entity. */
export interface Recipient<Entity = unknown> {
  room: Rooms | Resolver<Entity, Rooms>;
  path?: string | Resolver<Entity, string>;
  resource?: unknown;
}

type Nothing = null | undefined;
export type Recipients<Entity> =
  Recipient<Entity> | Recipient<Entity>[] | Resolver<Entity, Recipient<Entity> | Recipient<Entity>[] | Rooms | Nothing>;

type ResultClass = typeof CreateResult | typeof UpdateResult | typeof SaveResult | typeof DeleteResult;

/** What a decorator noted on a method; the explorer wraps the method with it at boot. */
export interface RealtimeMark {
  action: 'created' | 'updated' | 'saved' | 'deleted';
  resultClass: ResultClass;
  recipients: Recipients<unknown>;
}

const marks = new WeakMap<object, RealtimeMark[]>();

/** The marks of a method, innermost decorator first. */
export function realtimeMarks(method: object): RealtimeMark[] {
  return marks.get(method) ?? [];
}

/** Both call forms: `({ room, path })` or a function or a list of them, and `(room, path)`. */
function realtimeDecorator(action: RealtimeMark['action'], resultClass: ResultClass) {
  return <Entity = never>(
    first: Recipients<Entity> | Rooms | Resolver<Entity, Rooms>,
    path?: Recipient<Entity>['path'],
  ): MethodDecorator => {
    const isRoom = path !== undefined || typeof first === 'string' || first instanceof ResourcePath || isTexts(first);
    const recipients = (isRoom ? { room: first, path } : first) as Recipients<unknown>;
    return (_target, _key, descriptor) => {
      const method = descriptor.value as object;
      marks.set(method, [...realtimeMarks(method), { action, resultClass, recipients }]);
    };
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/**
 * Tell rooms what a service method did (docs/dialects/socket-io.md). The method returns the matching result class; other
 * return values pass through and tell nobody. The event is written in the same transaction as what the method writes
 * through `Transactions.run()`.
 */
export const RealtimeCreated = realtimeDecorator('created', CreateResult);
export const RealtimeUpdated = realtimeDecorator('updated', UpdateResult);
export const RealtimeSaved = realtimeDecorator('saved', SaveResult);
export const RealtimeDeleted = realtimeDecorator('deleted', DeleteResult);
