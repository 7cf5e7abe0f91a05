import type { HttpReply } from './http-client.js';

export interface ErrorBody {
  error?: { code?: unknown; message?: unknown; details?: unknown };
}

/** The one shape of every refusal, and never an error of ours; what is no refusal passes. */
export function expectRefusal(what: string, { status, body, headers }: HttpReply<ErrorBody>): void {
  if (status < 400) return;
  const { error } = body;
  const right =
    status < 500 &&
    Object.keys(body).join() === 'error' &&
    typeof error?.code === 'string' &&
    typeof error.message === 'string' &&
    'details' in error &&
    headers.get('content-type')?.startsWith('application/json');
  if (!right) throw new Error(`${what} was answered ${status} ${JSON.stringify(body).slice(0, 500)}`);
}
