import type { FastifyRequest } from 'fastify';
import { DomainError, type DomainErrorKind } from '../../../common/domain-error.js';
import { isObject, type JsonObject } from '../../../common/json.js';
import type { SpokenError } from '../../../common/http/error-speaker.js';

/** An error that only this dialect knows, with its exact words (docs/dialects/syncano.md). */
export class WireError extends DomainError {
  constructor(
    readonly httpStatus: number,
    readonly body: JsonObject,
  ) {
    super('syncano.refused', 'Refused in the words of the dialect');
  }
}

const detail = (text: string): JsonObject => ({ detail: text });
const FORBIDDEN = detail('You do not have permission to perform this action.');
const NOT_FOUND = detail('Not found.');
export const UNIQUE = 'This field must be unique.';

export const forbidden = (): WireError => new WireError(403, FORBIDDEN);
export const noSuchKey = (): WireError => new WireError(403, detail('No such API Key.'));
export const notFound = (): WireError => new WireError(404, NOT_FOUND);
export const parentMissing = (parent: 'Instance' | 'Class' | 'Channel' | 'Group' | 'User'): WireError =>
  new WireError(404, detail(`${parent} was not found.`));
export const badPaging = (): WireError => new WireError(400, detail('Incorrect page parameter provided.'));
export const methodNotAllowed = (method: string): WireError =>
  new WireError(405, detail(`Method "${method}" not allowed.`));
export const unknownPk = (pk: unknown): string => `Invalid pk "${String(pk)}" - object does not exist.`;

type Words = (error: DomainError, request: FastifyRequest) => Omit<SpokenError, 'retryAfter'>;

const field =
  (name: string, text: string): Words =>
  () => ({ status: 400, body: { [name]: [text] } });
const says =
  (status: number, text: string): Words =>
  () => ({ status, body: detail(text) });

/** What the features say by code, in the words of the dialect. */
const BY_CODE: Record<string, Words> = {
  'account.email_taken': field('email', UNIQUE),
  'account.email_unknown': says(401, 'Invalid email.'),
  'account.password_wrong': says(401, 'Invalid password.'),
  'workspace.name_taken': (_error, { body }) => ({
    status: 400,
    body: { [isObject(body) && 'new_name' in body ? 'new_name' : 'name']: [UNIQUE] },
  }),
  'channel.name_taken': field('name', UNIQUE),
  'channel.group_unknown': unknownGroup,
  'channel.custom_publish_disabled': says(403, 'Custom publish not allowed on this channel.'),
  'channel.room_required': () => ({
    status: 400,
    body: { room: 'This field is required for channels with separate rooms.' },
  }),
  'class.name_taken': field('name', UNIQUE),
  'class.schema_invalid': (error) => ({ status: 400, body: { schema: [error.message] } }),
  'object.group_unknown': unknownGroup,
  'object.invalid': ({ details }) => ({ status: 400, body: (details?.fields ?? {}) as JsonObject }),
  'object.too_large': (error) => ({ status: 400, body: { non_field_errors: [error.message] } }),
  'object.channel_room_required': (error) => ({ status: 400, body: { non_field_errors: [error.message] } }),
  'object.channel_forbidden': (error) => ({ status: 403, body: detail(error.message) }),
  'object.revision_mismatch': (error) => ({ status: 400, body: { expected_revision: error.message } }),
  'object.query_invalid': (error) => ({ status: 400, body: { query: error.message } }),
  'group.name_taken': field('name', UNIQUE),
  'group_member.exists': says(400, 'User is already a part of that group.'),
  'group_member.too_many_groups': says(400, 'User is already a part of 32 groups.'),
  'member.username_taken': field('username', UNIQUE),
  'member.email_taken': field('username', UNIQUE),
  'request.malformed_json': says(400, 'JSON parse error - the body is not valid JSON'),
  'request.malformed': says(400, 'Malformed request.'),
  'request.unsupported_media_type': says(415, 'Unsupported media type in request.'),
  'request.too_large': (_error, request) => ({
    status: 413,
    body: detail(`Request size limit exceeded (${request.routeOptions.bodyLimit}).`),
  }),
};

const BY_KIND: Record<DomainErrorKind, Words> = {
  invalid: (error) => ({ status: 400, body: detail(error.message) }),
  unauthorized: () => ({ status: 403, body: FORBIDDEN }),
  forbidden: () => ({ status: 403, body: FORBIDDEN }),
  not_found: () => ({ status: 404, body: NOT_FOUND }),
  conflict: (error) => ({ status: 400, body: detail(error.message) }),
  outdated: (error) => ({ status: 400, body: detail(error.message) }),
  unprocessable: (error) => ({ status: 400, body: detail(error.message) }),
  too_large: says(413, 'Request size limit exceeded.'),
  rate_limited: (error) => ({ status: 429, body: throttled(waitOf(error)) }),
  unavailable: says(503, 'Service temporarily unavailable.'),
  internal: says(500, 'Internal server error.'),
};

/** Every error of every route of this dialect, whoever threw it. */
export function speak(error: DomainError, request: FastifyRequest): SpokenError {
  if (error instanceof WireError) return { status: error.httpStatus, body: error.body };
  const spoken = (BY_CODE[error.code] ?? BY_KIND[error.kind])(error, request);
  return error.retryable ? { ...spoken, retryAfter: waitOf(error) } : spoken;
}

export function throttled(seconds: number): JsonObject {
  return detail(`Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`);
}

function waitOf({ details }: DomainError): number {
  const wait = details?.retry_after;
  return typeof wait === 'number' ? Math.ceil(wait) : 1;
}

function unknownGroup(_error: DomainError, { body }: FastifyRequest): ReturnType<Words> {
  return { status: 400, body: { group: [unknownPk((body as { group?: unknown } | null)?.group)] } };
}
