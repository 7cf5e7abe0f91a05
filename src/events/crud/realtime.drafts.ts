import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { currentRequest } from '../../common/request-context.js';
import type { EventDraft } from '../domain-event.js';
import { roomStream } from '../room-streams.js';
import { DeleteResult } from './crud-results.js';
import { type RealtimeMark, type Recipient, ResourcePath, type Rooms } from './realtime.decorators.js';

interface AnyResult {
  type: string;
  entity: unknown;
}

/**
 * Works out what a decorated method's result tells to whom. A faulty recipient is logged and skipped: it neither fails
 * the operation nor silences the other recipients.
 */
@Injectable()
export class RealtimeDrafts {
  private readonly logger = new Logger(RealtimeDrafts.name);

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  of(mark: RealtimeMark, result: unknown, args: unknown[]): EventDraft[] {
    if (!(result instanceof mark.resultClass)) return [];
    if (result instanceof DeleteResult && !result.deleted) return [];
    const { type, entity } = result as AnyResult;
    const context = args.at(-1);
    return this.attempt(() => recipientsOf(mark, entity, context)).flatMap((recipient) =>
      this.attempt(() => this.draftsFor(recipient, mark.action, type, entity, context)),
    );
  }

  private draftsFor(
    recipient: Recipient,
    action: string,
    type: string,
    entity: unknown,
    context: unknown,
  ): EventDraft[] {
    const rooms = roomNames(resolve(recipient.room, entity, context));
    if (rooms.length === 0) throw new Error(`A recipient of "${type}" names no room`);
    const path = resolve(recipient.path, entity, context) ?? '/';
    const resource = this.publicView(recipient.resource ? recipient.resource : entity);
    return rooms.map((room) => ({ stream: roomStream(workspaceOf(context), room), action, type, path, resource }));
  }

  /** A copy of plain data. A database entity may hold secrets in hidden columns, so it never leaves as it is. */
  private publicView(value: unknown): JsonObject | null {
    if (value === null || value === undefined) return null;
    const constructor = (value as object).constructor;
    if (this.dataSource.hasMetadata(constructor)) {
      throw new Error(`${constructor.name} is a database entity: return its view, or give the recipient a "resource"`);
    }
    return JSON.parse(JSON.stringify(value)) as JsonObject;
  }

  private attempt<T>(work: () => T[]): T[] {
    try {
      return work();
    } catch (error) {
      this.logger.error(error, 'A realtime recipient failed; the operation itself succeeded');
      return [];
    }
  }
}

function recipientsOf(mark: RealtimeMark, entity: unknown, context: unknown): Recipient[] {
  const found = typeof mark.recipients === 'function' ? mark.recipients(entity, context) : mark.recipients;
  if (found === null || found === undefined) return [];
  const list = Array.isArray(found) ? found : [found];
  return list.map((item) => (typeof item === 'string' || item instanceof ResourcePath ? { room: item } : item));
}

function resolve<Value>(
  value: Value | ((entity: unknown, context?: unknown) => Value),
  entity: unknown,
  context: unknown,
): Value {
  return typeof value === 'function'
    ? (value as (entity: unknown, context?: unknown) => Value)(entity, context)
    : value;
}

function roomNames(rooms: Rooms | undefined): string[] {
  const names = rooms instanceof ResourcePath ? rooms.path : Array.isArray(rooms) ? rooms : [rooms];
  return names.filter((name): name is string => typeof name === 'string' && name !== '');
}

function workspaceOf(context: unknown): number {
  const given = (context as { workspaceId?: unknown } | null | undefined)?.workspaceId;
  return typeof given === 'number' ? given : (currentRequest()?.workspaceId ?? MAIN_WORKSPACE);
}

/** The workspace `main` is made by the first migration. */
const MAIN_WORKSPACE = 1;
