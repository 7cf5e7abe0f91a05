import type { HttpReply } from './http-client.js';

/** The body of a reply that has to be a success. */
export async function made<Body>(reply: Promise<HttpReply<unknown>>): Promise<Body> {
  const { status, body } = await reply;
  if (status >= 300) throw new Error(`Refused with ${status}: ${JSON.stringify(body)}`);
  return body as Body;
}

/** Status and code of a reply, for tables of refusals. */
export async function outcome(reply: Promise<HttpReply<unknown>>): Promise<[number, string | undefined]> {
  const { status, body } = await reply;
  return [status, (body as { error?: { code: string } }).error?.code];
}
