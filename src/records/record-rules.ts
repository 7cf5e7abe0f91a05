import type { Decision } from '../access/access-rule.js';
import type { Identity } from '../auth/identity.js';
import type { ListRule, Permissions, RecordDefinition, Rule, StoredRow } from './record-definition.js';

/** Every member of the workspace. */
export const members: ListRule = (identity) => identity.kind === 'member';

/** Every member of the workspace, and its programs. */
export const everybody: ListRule = () => true;

/** Who administers the workspace. */
export const administrators: ListRule = (identity) => identity.administrator;

/** Who made the record. */
export const authors: Rule<{ authorId: number }> = ({ memberId }, { authorId }) =>
  memberId !== null && memberId === authorId;

/**
 * What an identity may do with a record, or, with null, with the list of all: the one answer for REST, joins, replay and
 * delivery. Null when it may do nothing, so that a record of another workspace looks like one that is not there.
 */
export function decide({ may }: RecordDefinition, identity: Identity, row: StoredRow | null): Decision | null {
  if (row !== null && row.workspaceId !== identity.workspaceId) return null;
  const actions = new Set(row === null ? allowedInList(may, identity) : allowedWith(may, identity, row));
  if (actions.has('read')) actions.add('subscribe');
  return actions.size > 0 ? { actions } : null;
}

function allowedInList(may: Permissions<StoredRow>, identity: Identity): string[] {
  const inList = { read: may.read, create: may.create ?? [] };
  return Object.entries(inList).flatMap(([action, rules]) =>
    [rules].flat().some((rule) => rule(identity)) ? [action] : [],
  );
}

function allowedWith({ create: _elsewhere, ...may }: Permissions<StoredRow>, identity: Identity, row: StoredRow) {
  return Object.entries(may).flatMap(([action, rules]) =>
    [rules ?? []].flat().some((rule) => rule(identity, row)) ? [action] : [],
  );
}
