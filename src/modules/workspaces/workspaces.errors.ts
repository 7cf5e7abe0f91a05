import { conflict, type DomainError, forbidden, notFound } from '../../common/domain-error.js';

export const workspaceNotFound = (): DomainError => notFound('workspace.not_found', 'There is no such workspace.');

export const workspaceNameTaken = (): DomainError =>
  conflict('workspace.name_taken', 'A workspace of this name exists already.');

export const mainStays = (): DomainError =>
  forbidden('workspace.main_stays', 'The workspace "main" stays, under this name.');
