import type { HttpClient } from './http-client.js';

export const PASSWORD = 'correct horse battery';

/** Somebody who has logged in. */
export interface Person {
  id: number;
  email: string;
  token: string;
  refreshToken: string;
  /** Speaks with the server as this person. */
  http: HttpClient;
}

interface SessionReply {
  access_token: string;
  refresh_token: string;
  member: { id: number; email: string };
}

/** Registers somebody whose address nobody has yet. */
export async function register(http: HttpClient, name = 'Somebody'): Promise<Person> {
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}.${Math.random().toString(36).slice(2)}@example.com`;
  return person(http, await http.post<SessionReply>('/api/auth/register', { email, password: PASSWORD, name }));
}

export async function logIn(http: HttpClient, email: string, password: string): Promise<Person> {
  return person(http, await http.post<SessionReply>('/api/auth/login', { email, password }));
}

function person(http: HttpClient, { status, body }: { status: number; body: SessionReply }): Person {
  if (status >= 300) throw new Error(`Nobody got in: ${status} ${JSON.stringify(body)}`);
  const { access_token: token, refresh_token: refreshToken, member } = body;
  return { id: member.id, email: member.email, token, refreshToken, http: http.as(token) };
}
