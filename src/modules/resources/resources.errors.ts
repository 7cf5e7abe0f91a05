import { type DomainError, forbidden, invalid, notFound, outdated, tooLarge } from '../../common/domain-error.js';

/** In the words of the access policy: what is not there looks like what one may not see. */
export const resourceNotFound = (): DomainError =>
  notFound('resource.not_found', 'There is no such thing, or you may not see it.');

/** Says which version there is; null for none. */
export const versionMismatch = (version: string | null): DomainError =>
  outdated('resource.version_mismatch', 'The resource has another version than the request asks for.', { version });

export const valueTooLarge = (maximum: number): DomainError =>
  tooLarge('resource.too_large', `The value has more than ${maximum} bytes.`);

export const valueInvalid = (issues: { path: string; message: string }[]): DomainError =>
  invalid('resource.invalid', 'The value is not one that this resource may have', { issues });

export const schemaInvalid = (fault: string): DomainError => invalid('resource.schema_invalid', fault);

export const memberRequired = (): DomainError =>
  invalid('resource.member_required', 'Say whose resource it is, with ?member=<id>.');

export const organizationForbidden = (): DomainError =>
  forbidden('resource.organization_forbidden', 'This organization is not yours.');

export const contextInvalid = (name: string): DomainError =>
  invalid(
    'resource.context_invalid',
    `The ${name} is not a name of 1 to 128 letters, digits and "._~-" that begins without "~".`,
  );

export const contextAmbiguous = (name: string): DomainError =>
  invalid('resource.context_ambiguous', `Two headers name two different values as the ${name}.`);

export const projectRequired = (): DomainError =>
  invalid('resource.project_required', 'A world or a launch context belongs to a project: name that too.');
