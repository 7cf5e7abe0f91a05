/** What has to hold in the database when the events are written; SQL whose `?` stand for the parameters. */
export interface AppendCondition {
  sql: string;
  parameters: unknown[];
}

export const ALWAYS: AppendCondition = { sql: 'true', parameters: [] };

/** Rows of a feature that are written by the statement that writes their events: one for each draft. */
export interface RowsBeside {
  /** SQL that draws the id of one row. */
  nextId: string;
  /** An INSERT that reads `numbered (id, place)`, places from 1 on in the drafts' order; its `?` stand for the parameters. */
  insert: string;
  parameters: unknown[];
}

export interface AppendOptions {
  condition?: AppendCondition;
  /** The drafts then come without the id: not in their resource, which has other fields, and their path ends before it. */
  rows?: RowsBeside;
}

const INTO_EVENTS = `
  INSERT INTO events (stream, seq, created_at, action, type, path, room, resource, author, request_id, numbered, fence,
                      concerns, version)`;

/** The drafts of one statement: where they come from, and the heads of their streams, locked, with the numbers handed out. */
interface Shape {
  heads: (condition: string) => string;
  /** What `d` is, joined with `heads` as `h`. */
  drafts: string;
  /** How many parameters it takes. */
  parameters: number;
}

/** Any number of drafts of any streams. Locks the streams in name order, so that two writers never wait for each other. */
const MANY: Shape = {
  heads: (condition) => `
  heads AS (
    INSERT INTO streams AS s (name, last_seq)
    SELECT name, added FROM unnest($1::text[], $2::bigint[]) AS wanted (name, added)
    WHERE ${condition}
    ON CONFLICT (name) DO UPDATE SET last_seq = s.last_seq + excluded.last_seq
    RETURNING name, last_seq, access_fence() AS fence
  )`,
  drafts: `
  unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
         $12::text[], $13::boolean[], $14::text[], $15::integer[])
  WITH ORDINALITY AS d (stream, behind, action, type, path, room, resource, author, request_id, numbered, concerns,
                        version, place)
  JOIN heads h ON h.name = d.stream`,
  parameters: 15,
};

/** One draft, as most are when little goes on: without arrays it takes the database a fifth less. */
const ONE: Shape = {
  heads: (condition) => `
  heads AS (
    INSERT INTO streams AS s (name, last_seq)
    SELECT $1::text, 1 WHERE ${condition}
    ON CONFLICT (name) DO UPDATE SET last_seq = s.last_seq + 1
    RETURNING name, last_seq, access_fence() AS fence
  )`,
  drafts: `
  (SELECT $1::text, 0, $2::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::boolean, $11::text,
          $12::integer, 1)
  AS d (stream, behind, action, type, path, room, resource, author, request_id, numbered, concerns, version, place)
  CROSS JOIN heads h`,
  parameters: 12,
};

/** One statement for the events. The locks are held only until the commit that follows at once. */
const append = ({ heads, drafts }: Shape, condition: string): string => `
  WITH ${heads(condition)}, appended AS (
    ${INTO_EVENTS}
    SELECT d.stream, h.last_seq - d.behind, $3::timestamptz, d.action, d.type, d.path, d.room, d.resource::json,
           d.author::json, d.request_id, d.numbered, h.fence, d.concerns::json, d.version
    FROM ${drafts}
  )
  SELECT name AS stream, last_seq AS seq, fence FROM heads`;

/**
 * The same, and one row of a feature beside each event. The ids of the rows are drawn once the streams are locked, so
 * they have the order of the events; each becomes the first field of its event's resource, which comes without its
 * brace, and the end of its path.
 */
const appendWith = ({ heads, drafts }: Shape, condition: string, { nextId, insert }: RowsBeside): string => `
  WITH ${heads(condition)}, numbered AS MATERIALIZED (
    SELECT d.*, h.last_seq - d.behind AS seq, h.fence, ${nextId} AS id
    FROM ${drafts}
    ORDER BY d.place
  ), beside AS (${insert}), appended AS (
    ${INTO_EVENTS}
    SELECT stream, seq, $3::timestamptz, action, type, path || '/' || id, room,
           ('{"id":' || id || ',' || resource)::json, author::json, request_id, numbered, fence,
           concerns::json, version
    FROM numbered
  )
  SELECT stream, seq, fence, id FROM numbered ORDER BY place`;

const statements = new Map<string, string>();

/**
 * The statement for one draft, or for any number. The question marks get the numbers after those of the statement itself.
 * One text for each condition and insert.
 */
export function appendStatement(single: boolean, { sql }: AppendCondition, rows?: RowsBeside): string {
  const key = `${single ? 'one' : 'many'}\n${sql}\n${rows?.insert ?? ''}`;
  let statement = statements.get(key);
  if (statement === undefined) {
    const shape = single ? ONE : MANY;
    let number = shape.parameters;
    const numbered = (text: string): string => text.replaceAll('?', () => `$${(number += 1)}`);
    const condition = numbered(sql);
    statement = rows
      ? appendWith(shape, condition, { ...rows, insert: numbered(rows.insert) })
      : append(shape, condition);
    statements.set(key, statement);
  }
  return statement;
}
