import { conflict, type DomainError, forbidden, invalid, notFound } from '../../common/domain-error.js';

export const classNotFound = notFound.define('class.not_found', 'There is no such class, or you may not see it.');

export const classForbidden = forbidden.define('class.forbidden', 'You may not do this with the class.');

export const classNameTaken = conflict.define('class.name_taken', 'The workspace already has a class of this name.');

export const systemClass = forbidden.define('class.system_class', 'The class "user_profile" cannot be deleted.');

export const schemaInvalid = invalid.define('class.schema_invalid', (fault: string) => fault);

export const groupUnknown = invalid.define('object.group_unknown', 'The workspace has no group of this number.', {
  field: 'group',
});

export const revisionMismatch = conflict.define(
  'object.revision_mismatch',
  (expected: number, got: number) => `Revision mismatch. Expected ${expected}, got ${got}.`,
);

export const objectNotFound = notFound.define('object.not_found', 'There is no such object, or you may not see it.');

export const objectForbidden = forbidden.define('object.forbidden', 'You may not do this to the object.');

/** What is wrong with each field. */
export const objectInvalid = invalid.define(
  'object.invalid',
  'Some fields are not valid',
  (fields: Record<string, string[]>) => ({ fields }),
);

/** As for every other unknown field of a body; only the class could tell that it is none. */
export const fieldsUnknown = (names: string[]): DomainError =>
  invalid('request.invalid', 'The request is not valid', {
    issues: names.slice(0, 20).map((name) => ({ path: name.slice(0, 200), message: 'There is no such field.' })),
  });

export const objectTooLarge = invalid.define('object.too_large', 'Object maximum size exceeded.');

export const channelRoomRequired = invalid.define(
  'object.channel_room_required',
  'Channel room field is required for channels with separate rooms.',
);

export const channelPublishForbidden = forbidden.define(
  'object.channel_forbidden',
  'You do not have permission to publish data to specified channel.',
);

export const queryInvalid = invalid.define('object.query_invalid', (fault: string) => fault);

export const orderInvalid = invalid.define(
  'object.order_invalid',
  'Objects can be sorted by id, created_at, updated_at and fields with an order index.',
);
