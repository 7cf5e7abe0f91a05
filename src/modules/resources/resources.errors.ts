import { accessErrors } from '../../access/access-policy.js';
import { forbidden, invalid, notFound, outdated, tooLarge } from '../../common/domain-error.js';

/** In the words of the access policy: what is not there looks like what one may not see. */
export const resourceNotFound = notFound.define('resource.not_found', 'There is no such thing, or you may not see it.');

/** Says which version there is; null for none. */
export const versionMismatch = outdated.define(
  'resource.version_mismatch',
  'The resource has another version than the request asks for.',
  (version: string | null) => ({ version }),
);

export const valueTooLarge = tooLarge.define(
  'resource.too_large',
  (maximum: number) => `The value has more than ${maximum} bytes.`,
);

export const valueInvalid = invalid.define(
  'resource.invalid',
  'The value is not one that this resource may have',
  (issues: { path: string; message: string }[]) => ({ issues }),
);

export const schemaInvalid = invalid.define('resource.schema_invalid', (fault: string) => fault);

export const memberRequired = invalid.define(
  'resource.member_required',
  'Say whose resource it is, with ?member=<id>.',
);

export const organizationForbidden = forbidden.define(
  'resource.organization_forbidden',
  'This organization is not yours.',
);

export const contextInvalid = invalid.define(
  'resource.context_invalid',
  (name: string) => `The ${name} is not a name of 1 to 128 letters, digits and "._~-" that begins without "~".`,
);

export const contextAmbiguous = invalid.define(
  'resource.context_ambiguous',
  (name: string) => `Two headers name two different values as the ${name}.`,
);

export const projectRequired = invalid.define(
  'resource.project_required',
  'A world or a launch context belongs to a project: name that too.',
);

/** With what is refused where a resource is looked for. */
export const placeErrors = [
  ...accessErrors('resource'),
  organizationForbidden,
  contextInvalid,
  contextAmbiguous,
  projectRequired,
];

/** With what a value is refused. */
export const writeErrors = [valueInvalid, valueTooLarge, versionMismatch];
