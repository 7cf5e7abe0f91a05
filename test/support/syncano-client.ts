import { createRequire } from 'node:module';

/** Whatever the npm client gives: it brings no types of its own. What it finally answers is named with `done`. */
export interface Loose {
  (...parameters: unknown[]): Loose;
  [key: string]: Loose;
}

/** The stock client, as anybody gets it from npm; only its base URL is ours. */
export function syncano(options: object): Loose {
  const require = createRequire(import.meta.url);
  const connect = require('syncano') as (options: object) => Loose;
  return connect(options);
}

/** Waits for what a call of the client answers. Its queries hand on no failure when they are simply awaited. */
export async function done<T = Record<string, unknown>>(call: Loose): Promise<T> {
  if (typeof call.request !== 'function') return await (call as unknown as PromiseLike<T>);
  const [answer] = await (call.request() as unknown as PromiseLike<[T]>);
  return answer;
}
