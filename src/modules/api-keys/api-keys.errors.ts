import { notFound } from '../../common/domain-error.js';

export const keyNotFound = notFound.define('api_key.not_found', 'There is no such API key.');
