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
  /** An INSERT that reads `numbered (id, resource)`; its `?` stand for the parameters. */
  insert: string;
  parameters: unknown[];
}

export interface AppendOptions {
  condition?: AppendCondition;
  /** The drafts then come without the id: not in their resource, and their path ends before it. */
  rows?: RowsBeside;
}

/** Locks the streams in name order, so that two writers can never wait for each other, and hands out the numbers. */
const heads = (condition: string): string => `
  heads AS (
    INSERT INTO streams AS s (name, last_seq)
    SELECT name, added FROM unnest($1::text[], $2::bigint[]) AS wanted (name, added)
    WHERE ${condition}
    ON CONFLICT (name) DO UPDATE SET last_seq = s.last_seq + excluded.last_seq
    RETURNING name, last_seq, access_fence() AS fence
  )`;

const DRAFTS = `
  unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
         $12::text[], $13::boolean[], $14::text[], $15::integer[])
  WITH ORDINALITY AS d (stream, behind, action, type, path, room, resource, author, request_id, numbered, concerns,
                        version, place)`;

const INTO_EVENTS = `
  INSERT INTO events (stream, seq, created_at, action, type, path, room, resource, author, request_id, numbered, fence,
                      concerns, version)`;

/** One statement for any number of events. The locks are held only until the commit that follows at once. */
const append = (condition: string): string => `
  WITH ${heads(condition)}, appended AS (
    ${INTO_EVENTS}
    SELECT d.stream, h.last_seq - d.behind, $3::timestamptz, d.action, d.type, d.path, d.room, d.resource::json,
           d.author::json, d.request_id, d.numbered, h.fence, d.concerns::json, d.version
    FROM ${DRAFTS}
    JOIN heads h ON h.name = d.stream
  )
  SELECT name AS stream, last_seq AS seq, fence FROM heads`;

/**
 * The same, and one row of a feature beside each event. The ids of the rows are drawn once the streams are locked, so
 * they have the order of the events; each becomes the first field of its event's resource and the end of its path.
 */
const appendWith = (condition: string, { nextId, insert }: RowsBeside): string => `
  WITH ${heads(condition)}, numbered AS MATERIALIZED (
    SELECT d.*, h.last_seq - d.behind AS seq, h.fence, ${nextId} AS id
    FROM ${DRAFTS}
    JOIN heads h ON h.name = d.stream
    ORDER BY d.place
  ), beside AS (${insert}), appended AS (
    ${INTO_EVENTS}
    SELECT stream, seq, $3::timestamptz, action, type, path || '/' || id, room,
           ('{"id":' || id || ',' || substr(resource, 2))::json, author::json, request_id, numbered, fence,
           concerns::json, version
    FROM numbered
  )
  SELECT stream, seq, fence, id FROM numbered ORDER BY place`;

const PARAMETERS = 15;

const statements = new Map<string, string>();

/** The question marks get the numbers after those of the statement itself. One text for each condition and insert. */
export function appendStatement({ sql }: AppendCondition, rows?: RowsBeside): string {
  const key = rows ? `${sql}\n${rows.insert}` : sql;
  let statement = statements.get(key);
  if (statement === undefined) {
    let number = PARAMETERS;
    const numbered = (text: string): string => text.replaceAll('?', () => `$${(number += 1)}`);
    const condition = numbered(sql);
    statement = rows ? appendWith(condition, { ...rows, insert: numbered(rows.insert) }) : append(condition);
    statements.set(key, statement);
  }
  return statement;
}
