import {
  applyDecorators,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  type Type,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { accessErrors } from '../access/access-policy.js';
import { CurrentIdentity } from '../auth/auth.decorators.js';
import type { Identity } from '../auth/identity.js';
import type { KnownError } from '../common/domain-error.js';
import { Throws } from '../common/http/throws.js';
import { idText } from '../common/ids.js';
import type { JsonObject } from '../common/json.js';
import { toPage } from '../common/paging.js';
import type { Position } from '../events/domain-event.js';
import { RoomTokenIssuer } from '../realtime/room-token-issuer.js';
import { ticketErrors } from '../realtime/room.errors.js';
import { definitionOf, type RecordClass, type StoredRow } from './record-definition.js';
import { camelized } from './record-fields.js';
import { recordRoom } from './record.streams.js';
import { viewOf } from './record.view.js';
import {
  nothing,
  recordListQuery,
  type RecordListQuery,
  recordQuery,
  type RecordQuery,
  replySchemas,
} from './records.schemas.js';
import { type RecordsService, recordsServiceOf } from './records.service.js';

/** The `:id` of a route, as a number. */
export const RecordId = (): ParameterDecorator => Param('id', { schema: idText });

/** A rule of the feature may refuse with codes of its own, and these begin with its type. */
const recordErrors = (type: string): KnownError[] => [
  ...accessErrors(type),
  ...(['invalid', 'forbidden', 'not_found', 'conflict', 'unprocessable'] as const).map((kind) => ({
    kind,
    code: `${type}.*`,
  })),
];

/** What the routes of one feature have beside those that all records have. */
export abstract class RecordRoutes<Row extends StoredRow, Service extends RecordsService<Row> = RecordsService<Row>> {
  protected readonly records: Service;
  @Inject(RoomTokenIssuer) private readonly tickets: RoomTokenIssuer;

  /** What of the record may leave the server. */
  protected view(row: Row): JsonObject {
    return viewOf(row);
  }

  /** A reply with all that is needed to join the room: nothing falls between what was read and what is heard. */
  protected async joinable(
    reply: object,
    { seq, epoch }: Position,
    room: string,
    identity: Identity,
    { websockets }: RecordQuery,
  ): Promise<object> {
    const joining = { ...reply, position: seq, epoch };
    return websockets ? { ...joining, websockets: await this.tickets.ticketsFor(identity, [room]) } : joining;
  }
}

type Routes<Row extends StoredRow, Service extends RecordsService<Row>> = new () => RecordRoutes<Row, Service>;

/**
 * The routes of records, under `/api` and their path: list, create, read, update, delete, as far as their
 * `@RealtimeRecord` says. A feature extends it with routes of its own, or uses it as it is.
 */
export function RecordsController<Row extends StoredRow>(entity: RecordClass<Row>): Routes<Row, RecordsService<Row>>;
export function RecordsController<Row extends StoredRow, Service extends RecordsService<Row>>(
  entity: RecordClass<Row>,
  service: Type<Service>,
): Routes<Row, Service>;
export function RecordsController<Row extends StoredRow>(
  entity: RecordClass<Row>,
  service: Type<RecordsService<Row>> = recordsServiceOf(entity),
): Routes<Row, RecordsService<Row>> {
  const definition = definitionOf(entity);
  const { path, view, create = nothing, update = nothing, may } = definition;
  const replies = replySchemas(entity.name, view);
  const when = (given: unknown, ...decorators: MethodDecorator[]): MethodDecorator =>
    applyDecorators(...(given ? decorators : []));

  @ApiTags(path.slice(1))
  @Throws(...recordErrors(definition.type))
  @Controller(`api${path}`)
  class Records extends RecordRoutes<Row> {
    @Get()
    @Throws(...ticketErrors)
    @ApiOkResponse({ standardSchema: replies.page })
    async list(@CurrentIdentity() identity: Identity, @Query({ schema: recordListQuery }) query: RecordListQuery) {
      const { rows, at } = await this.records.list(identity, query);
      return this.joinable(toPage(rows, query.limit, viewOf), at, path, identity, query);
    }

    @when(definition.create, Post(), ApiCreatedResponse({ standardSchema: view }))
    async create(@CurrentIdentity() identity: Identity, @Body({ schema: create }) body: object) {
      return viewOf(await this.records.create(identity, camelized(body) as Partial<Row>));
    }

    @Get(':id')
    @Throws(...ticketErrors)
    @ApiOkResponse({ standardSchema: replies.record })
    async read(
      @CurrentIdentity() identity: Identity,
      @RecordId() id: number,
      @Query({ schema: recordQuery }) query: RecordQuery,
    ) {
      const { row, at } = await this.records.read(identity, id);
      return this.joinable(viewOf(row), at, recordRoom(definition, id), identity, query);
    }

    @when(definition.update, Patch(':id'), ApiOkResponse({ standardSchema: view }))
    async update(
      @CurrentIdentity() identity: Identity,
      @RecordId() id: number,
      @Body({ schema: update }) body: object,
    ) {
      return viewOf(await this.records.update(identity, id, camelized(body) as Partial<Row>));
    }

    @when(may.delete, Delete(':id'), HttpCode(204))
    async remove(@CurrentIdentity() identity: Identity, @RecordId() id: number) {
      await this.records.remove(identity, id);
    }
  }
  // Features that use it as it is would all have the same name.
  Object.defineProperty(Records, 'name', { value: `${entity.name}Records` });
  Inject(service)(Records.prototype, 'records');
  return Records;
}
