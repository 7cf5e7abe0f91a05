/** What a create method returns: the kind of thing and the thing. Its decorator tells the rooms. (docs/dialects/socket-io.md) */
export class CreateResult<Entity> {
  readonly operation = 'create' as const;
  raw?: unknown;
  context?: unknown;

  constructor(
    readonly type: string,
    readonly entity: Entity,
  ) {}
}

export class UpdateResult<Entity> {
  readonly operation = 'update' as const;
  raw?: unknown;
  affected?: number;
  context?: unknown;

  constructor(
    readonly type: string,
    readonly entity: Entity,
  ) {}
}

/** For methods that create or update; `exists` says that nothing had to be done. */
export class SaveResult<Entity> {
  raw?: unknown;
  context?: unknown;

  constructor(
    readonly type: string,
    readonly entity: Entity,
    readonly operation: 'create' | 'update' | 'exists',
  ) {}
}

export class DeleteResult<Entity> {
  readonly operation = 'delete' as const;
  context?: unknown;

  constructor(
    readonly type: string,
    readonly entity: Entity,
    readonly deleted: boolean,
  ) {}
}

/** A page of things; `page_token` leads to the next one. */
export class ListResult<Entity> {
  readonly page_token: string | undefined;
  private items: Entity[];

  constructor(
    readonly type: string,
    entities: Entity[] | null | undefined,
    nextPage?: Paginable,
  ) {
    this.items = entities ?? [];
    this.page_token = nextPage?.page_token;
  }

  getEntities(): Entity[] {
    return this.items;
  }

  isEmpty(): boolean {
    return this.items.length === 0;
  }

  /** Replaces every element, in place. */
  mapEntities(map: (entity: Entity) => Entity): void {
    this.items = this.items.map(map);
  }

  /** Keeps what the test accepts, in place. */
  filterEntities(keep: (entity: Entity) => boolean): void {
    this.items = this.items.filter(keep);
  }
}

/** Where a page starts and how long it is; limits travel as text. */
export interface Paginable {
  page_token?: string;
  limitStr?: string;
  reversed?: boolean;
}

export class Pagination implements Paginable {
  constructor(
    readonly page_token?: string,
    readonly limitStr = '100',
    readonly reversed = false,
  ) {}

  static fromPaginable(page: Paginable): Pagination {
    return new Pagination(page.page_token, page.limitStr, page.reversed);
  }
}
