import { conflict, type DomainError, forbidden, invalid, notFound } from '../../common/domain-error.js';

export const classNotFound = (): DomainError =>
  notFound('class.not_found', 'There is no such class, or you may not see it.');

export const classForbidden = (): DomainError => forbidden('class.forbidden', 'You may not do this with the class.');

export const classNameTaken = (): DomainError =>
  conflict('class.name_taken', 'The workspace already has a class of this name.');

export const systemClass = (): DomainError =>
  forbidden('class.system_class', 'The class "user_profile" cannot be deleted.');

export const schemaInvalid = (fault: string): DomainError => invalid('class.schema_invalid', fault);

export const groupUnknown = (): DomainError =>
  invalid('object.group_unknown', 'The workspace has no group of this number.', { field: 'group' });

export const revisionMismatch = (expected: number, got: number): DomainError =>
  conflict('object.revision_mismatch', `Revision mismatch. Expected ${expected}, got ${got}.`);

export const objectNotFound = (): DomainError =>
  notFound('object.not_found', 'There is no such object, or you may not see it.');

export const objectForbidden = (): DomainError => forbidden('object.forbidden', 'You may not do this to the object.');

/** What is wrong with each field. */
export const objectInvalid = (fields: Record<string, string[]>): DomainError =>
  invalid('object.invalid', 'Some fields are not valid', { fields });

/** As for every other unknown field of a body; only the class could tell that it is none. */
export const fieldsUnknown = (names: string[]): DomainError =>
  invalid('request.invalid', 'The request is not valid', {
    issues: names.slice(0, 20).map((name) => ({ path: name.slice(0, 200), message: 'There is no such field.' })),
  });

export const objectTooLarge = (): DomainError => invalid('object.too_large', 'Object maximum size exceeded.');

export const channelRoomRequired = (): DomainError =>
  invalid('object.channel_room_required', 'Channel room field is required for channels with separate rooms.');

export const channelPublishForbidden = (): DomainError =>
  forbidden('object.channel_forbidden', 'You do not have permission to publish data to specified channel.');

export const queryInvalid = (fault: string): DomainError => invalid('object.query_invalid', fault);

export const orderInvalid = (): DomainError =>
  invalid(
    'object.order_invalid',
    'Objects can be sorted by id, created_at, updated_at and fields with an order index.',
  );
