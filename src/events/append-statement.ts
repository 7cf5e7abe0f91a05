import { jsonRows } from '../database/array-literal.js';
import type { Parameter } from '../database/lone-statement.js';

/** What has to hold in the database when the events are written; SQL whose `?` stand for the parameters. */
export interface AppendCondition {
  sql: string;
  parameters: Parameter[];
  /** For several streams at once, what has to hold for each: SQL about `st.name` that never waits for anybody. */
  each?: string;
}

/** Rows of a feature that are written by the statement that writes their events: one for each draft. */
export interface RowsBeside {
  /** SQL that draws the id of one row. */
  nextId: string;
  /** An INSERT that reads `numbered (id, place)`, places from 1 on in the drafts' order; its `?` stand for the parameters. */
  insert: string;
  parameters: Parameter[];
}

export interface AppendOptions {
  /**
   * By stream, the `rules_seq` that the writer has decided by (`EventLog.rules`). A stream in which more has been decided
   * since gets none of its drafts.
   */
  rules: ReadonlyMap<string, number>;
  /**
   * For streams that may be several: those that somebody is just writing to get none of their drafts either, because
   * waiting for one would delay the others.
   */
  withoutWaiting?: boolean;
  condition?: AppendCondition;
  /**
   * The drafts then wait for the id: it is the first field of their resource, 0 for now, which has other fields; their
   * path ends before it. The resource gets it once it is drawn.
   */
  rows?: RowsBeside;
}

/**
 * How the drafts reach the database: `one` or `many`, of any streams; or guarded by the rules of their streams:
 * `oneGuarded` and `manyGuarded`, of one stream, and `several`, which waits for none of its streams.
 */
export type AppendForm = 'one' | 'many' | 'oneGuarded' | 'manyGuarded' | 'several';

const INTO_EVENTS = `
  INSERT INTO events (stream, seq, created_at, action, type, path, room, resource, author, request_id, numbered, fence,
                      concerns, version)`;

/**
 * How far the access stream has got, once the event's own stream is locked. Volatile on purpose: it sees what has
 * committed while the statement waited for the lock, and what the statement itself adds to the access stream.
 */
const FENCE = 'access_fence()';

/**
 * The same without the call of a function, where nothing is added to the access stream. Without a wait the statement's
 * own snapshot will do: what that does not show was committed while the statement was under way, so nobody can have
 * been told of it before they asked for this event.
 */
const SHORT_FENCE = `
  CASE WHEN clock_timestamp() - statement_timestamp() BETWEEN interval '0' AND interval '2 milliseconds'
       THEN (SELECT last_seq FROM streams WHERE name = 'access') ELSE ${FENCE} END`;

/** The drafts of one statement: where they come from, and the heads of their streams, locked, with the numbers handed out. */
interface Shape {
  /** `more`: what else each head gives back. */
  heads: (condition: string, each: string, more: string) => string;
  /** What `d` is, joined with `heads` as `h`. */
  drafts: string;
  /** How many parameters it takes. */
  parameters: number;
}

const ONE_DRAFT = `
  (SELECT $1::text, 0, $2::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::boolean, $11::text,
          $12::integer, 1)
  AS d (stream, behind, action, type, path, room, resource, author, request_id, numbered, concerns, version, place)
  CROSS JOIN heads h`;

const MANY_DRAFTS = `
  ROWS FROM (
    unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $12::text[], $13::boolean[],
           $15::integer[]),
    ${jsonRows('$10')}, ${jsonRows('$11')}, ${jsonRows('$14')}
  ) WITH ORDINALITY AS d (stream, behind, action, type, path, room, request_id, numbered, version, resource, author,
                          concerns, place)
  JOIN heads h ON h.name = d.stream`;

const SHAPES: Record<AppendForm, Shape> = {
  /** One draft, as most are when little goes on: without arrays it takes the database a fifth less. */
  one: {
    heads: () => `
  heads AS (
    INSERT INTO streams AS s (name, last_seq, rules_seq) VALUES ($1::text, 1, $13::bigint)
    ON CONFLICT (name) DO UPDATE
      SET last_seq = s.last_seq + 1,
          rules_seq = CASE WHEN excluded.rules_seq > 0 THEN s.last_seq + 1 ELSE s.rules_seq END
    RETURNING name, last_seq, ${FENCE} AS fence
  )`,
    drafts: ONE_DRAFT,
    parameters: 13,
  },
  /** Locks the streams in name order, so that two writers never wait for each other. */
  many: {
    heads: () => `
  heads AS (
    INSERT INTO streams AS s (name, last_seq, rules_seq)
    SELECT name, added, rules FROM unnest($1::text[], $2::bigint[], $16::bigint[]) AS wanted (name, added, rules)
    ON CONFLICT (name) DO UPDATE
      SET last_seq = s.last_seq + excluded.last_seq,
          rules_seq = CASE WHEN excluded.rules_seq > 0 THEN s.last_seq + excluded.rules_seq ELSE s.rules_seq END
    RETURNING name, last_seq, ${FENCE} AS fence
  )`,
    drafts: MANY_DRAFTS,
    parameters: 16,
  },
  /** PostgreSQL looks at the row again after waiting for it, so the rules are compared as they are then. */
  oneGuarded: {
    heads: (condition, _each, more) => `
  heads AS (
    UPDATE streams SET last_seq = last_seq + 1 WHERE name = $1::text AND rules_seq = $13::bigint AND ${condition}
    RETURNING name, last_seq, ${SHORT_FENCE} AS fence${more}
  )`,
    drafts: ONE_DRAFT,
    parameters: 13,
  },
  manyGuarded: {
    heads: (condition) => `
  heads AS (
    UPDATE streams SET last_seq = last_seq + ($2::bigint[])[1]
    WHERE name = ($1::text[])[1] AND rules_seq = ($16::bigint[])[1] AND ${condition}
    RETURNING name, last_seq, ${SHORT_FENCE} AS fence
  )`,
    drafts: MANY_DRAFTS,
    parameters: 16,
  },
  several: {
    heads: (condition, each) => `
  heads AS (
    UPDATE streams s SET last_seq = s.last_seq + free.added
    FROM (
      SELECT st.name, known.added
      FROM unnest($1::text[], $2::bigint[], $16::bigint[]) AS known (name, added, rules)
      JOIN streams st ON st.name = known.name AND st.rules_seq = known.rules
      WHERE ${condition} AND ${each}
      FOR UPDATE OF st SKIP LOCKED
    ) AS free
    WHERE s.name = free.name
    RETURNING s.name, s.last_seq, ${SHORT_FENCE} AS fence
  )`,
    drafts: MANY_DRAFTS,
    parameters: 16,
  },
};

const insertEvents = (drafts: string): string => `
  ${INTO_EVENTS}
  SELECT d.stream, h.last_seq - d.behind, $3::timestamptz, d.action, d.type, d.path, d.room, d.resource::json,
         d.author::json, d.request_id, d.numbered, h.fence, d.concerns::json, d.version
  FROM ${drafts}`;

/** One statement for the events. The locks are held only until the commit that follows at once. */
const append = (heads: string, drafts: string): string => `
  WITH ${heads}, appended AS (${insertEvents(drafts)})
  SELECT name AS stream, last_seq AS seq, fence FROM heads`;

/** The same for one draft: with one list less, and no reading it again. */
const appendOne = (heads: string, drafts: string): string => `
  WITH ${heads} ${insertEvents(drafts)}
  RETURNING stream, seq, fence`;

/**
 * The same, and one row of a feature beside each event. The ids of the rows are drawn once the streams are locked, so
 * they have the order of the events; each becomes the first field of its event's resource, which comes without its
 * brace, and the end of its path.
 */
const appendWith = (heads: string, drafts: string, { nextId, insert }: RowsBeside): string => `
  WITH ${heads}, numbered AS MATERIALIZED (
    SELECT d.*, h.last_seq - d.behind AS seq, h.last_seq, h.fence, ${nextId} AS id
    FROM ${drafts}
    ORDER BY d.place
  ), beside AS (${insert}), appended AS (
    ${INTO_EVENTS}
    SELECT stream, seq, $3::timestamptz, action, type, path || '/' || id, room,
           ('{"id":' || id || ',' || resource)::json, author::json, request_id, numbered, fence,
           concerns::json, version
    FROM numbered
  )
  SELECT stream, last_seq AS seq, fence, id, place FROM numbered ORDER BY place`;

/** The same for one draft: it needs no list, which takes the database a tenth of the time. */
const appendOneWith = (heads: string, drafts: string, { insert }: RowsBeside): string => `
  WITH ${heads}, numbered AS (SELECT id, 1 AS place FROM heads), beside AS (${insert}), appended AS (
    ${INTO_EVENTS}
    SELECT d.stream, h.last_seq, $3::timestamptz, d.action, d.type, d.path || '/' || h.id, d.room,
           ('{"id":' || h.id || ',' || d.resource)::json, d.author::json, d.request_id, d.numbered, h.fence,
           d.concerns::json, d.version
    FROM ${drafts}
  )
  SELECT name AS stream, last_seq AS seq, fence, id, 1 AS place FROM heads`;

/** By form, condition and insert: a key of all three would be a text to be made, and read, for every statement. */
const statements = new Map<AppendForm, Map<string, Map<string, string>>>();

/**
 * The statement of a form. The question marks get the numbers after those of the statement itself. One text for each
 * form, condition and insert.
 */
export function appendStatement(form: AppendForm, condition?: AppendCondition, rows?: RowsBeside): string {
  const known = mapIn(mapIn(statements, form), condition?.sql ?? '');
  const insert = rows?.insert ?? '';
  let statement = known.get(insert);
  if (statement === undefined) known.set(insert, (statement = makeStatement(form, condition, rows)));
  return statement;
}

function mapIn<Key, Name, Value>(maps: Map<Key, Map<Name, Value>>, key: Key): Map<Name, Value> {
  let map = maps.get(key);
  if (map === undefined) maps.set(key, (map = new Map()));
  return map;
}

function makeStatement(form: AppendForm, condition: AppendCondition | undefined, rows: RowsBeside | undefined): string {
  const { heads, drafts, parameters } = SHAPES[form];
  let number = parameters;
  const numbered = (text: string): string => text.replaceAll('?', () => `$${(number += 1)}`);
  const sql = numbered(condition?.sql ?? 'true');
  const beside = rows && { ...rows, insert: numbered(rows.insert) };
  if (form === 'oneGuarded' && beside) {
    return appendOneWith(heads(sql, 'true', `, ${beside.nextId} AS id`), drafts, beside);
  }
  const locked = heads(sql, condition?.each ?? 'true', '');
  if (beside) return appendWith(locked, drafts, beside);
  return drafts === ONE_DRAFT ? appendOne(locked, drafts) : append(locked, drafts);
}
