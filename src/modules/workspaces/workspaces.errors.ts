import { conflict, forbidden, notFound } from '../../common/domain-error.js';

export const workspaceNotFound = notFound.define('workspace.not_found', 'There is no such workspace.');

export const workspaceNameTaken = conflict.define('workspace.name_taken', 'A workspace of this name exists already.');

export const mainStays = forbidden.define('workspace.main_stays', 'The workspace "main" stays, under this name.');
