import type { CreateResult, DeleteResult, ListResult, Paginable, SaveResult, UpdateResult } from './crud-results.js';

export type EntityId = string | number;

/** Who calls, handed to the service as its last argument. */
export interface ExecutionContext {
  user: { id: EntityId; email?: string };
  workspaceId?: number;
  reqId?: string;
  url?: string;
  method?: string;
  transport?: 'http' | 'ws';
}

/**
 * The shape of a service whose things are not plain entities: what it returns, its `@Realtime...` decorators tell the
 * rooms. Services over plain entities need none of this; they have a RealtimeSubscriber.
 */
export interface CRUDService<Entity, PrimaryKey = EntityId, Context = ExecutionContext> {
  create?(item: Partial<Entity>, context?: Context): Promise<CreateResult<Entity>>;
  get(id: PrimaryKey, context?: Context): Promise<Entity | null>;
  update?(id: PrimaryKey, item: Partial<Entity>, context?: Context): Promise<UpdateResult<Entity>>;
  save?(item: Partial<Entity>, options?: unknown, context?: Context): Promise<SaveResult<Entity>>;
  delete(id: PrimaryKey, context?: Context): Promise<DeleteResult<Entity>>;
  list(pagination?: Paginable, options?: unknown, context?: Context): Promise<Entity[] | ListResult<Entity>>;
}
