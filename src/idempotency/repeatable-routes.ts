import { answersSecrets } from '../common/http/secret-answer.js';

/** Whether a route takes an Idempotency-Key: its answer has to be one that may be kept. */
export function mayBeRepeated(method: string, path: string, routeConfig: unknown): boolean {
  return method === 'POST' && path.startsWith('/api/') && !answersSecrets(routeConfig);
}
