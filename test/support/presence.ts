import { randomUUID } from 'node:crypto';
import { AccessTokens } from '../../src/auth/access-tokens.js';
import { Transactions } from '../../src/database/transactions.js';
import { MembersService } from '../../src/modules/members/index.js';
import { Workspace } from '../../src/modules/workspaces/workspace.entity.js';
import { SessionRegistry } from '../../src/realtime/session-registry.js';
import type { Person } from './people.js';
import { openSocket, type SocketClient } from './socket-client.js';
import type { TestServer } from './start-server.js';

export const WATCH = '/users/online';

interface Told {
  company_id: number;
  user_id: number;
  is_online: boolean;
}

const isPresence = (payload: Record<string, unknown>): boolean => payload.type === 'user:online';

/** Everything that a client was told about one member, in order: true for a join, false for a leave. */
export function historyOf(client: SocketClient, { id }: { id: number }): boolean[] {
  return client
    .resources()
    .filter((frame) => isPresence(frame as never))
    .flatMap((frame) => (frame.resource as unknown as { online: Told[] }).online)
    .filter((told) => told.user_id === id)
    .map((told) => told.is_online);
}

/** Waits until the client was told this, in this order, and nothing else, about the member. */
export async function hears(client: SocketClient, person: { id: number }, ...history: boolean[]): Promise<void> {
  while (historyOf(client, person).length < history.length) await client.next('realtime:resource', isPresence);
  expect(historyOf(client, person)).toEqual(history);
}

export interface Place {
  url: string;
}

export async function connectTo(place: Place, person: { token: string }, options = {}): Promise<SocketClient> {
  return (await openSocket(place.url, options)).authenticate(person.token);
}

/** Somebody who is told who comes and goes. */
export async function watcherAt(place: Place, person: { token: string }, room = WATCH): Promise<SocketClient> {
  const client = await connectTo(place, person);
  await client.join(room, person.token);
  return client;
}

/** Asks over the socket; gives whatever was acknowledged. */
export function ask(client: SocketClient, event: string, ...payload: unknown[]): Promise<unknown[]> {
  return new Promise((resolve) => client.emit(event, ...payload, (...answer: unknown[]) => resolve(answer)));
}

/** Who of these is online, as the server says; those whom it does not know are left out. */
export async function statusOf(client: SocketClient, ...people: { id: number }[]): Promise<[number, boolean][]> {
  const [answer] = await ask(client, 'online:get', { data: people.map(({ id }) => id) });
  return (answer as { data: [number, boolean][] }).data;
}

/** Resolves when the server has noticed that so many sessions of the member are left on it. */
export async function sessionsLeft(server: TestServer, { id }: { id: number }, count: number): Promise<void> {
  const sessions = server.app.get(SessionRegistry);
  while ([...sessions.ofMember(id)].length !== count) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A member of another workspace: of a new one, or of the one given. */
export async function stranger(
  { app, http }: TestServer,
  inWorkspace?: number,
): Promise<Person & { workspaceId: number }> {
  const name = randomUUID();
  const workspaceId = inWorkspace ?? (await newWorkspace(app.get(Transactions), name));
  const email = `${name}@example.com`;
  const member = await app.get(MembersService).create({ workspaceId, email, name: 'Stranger', passwordHash: 'none' });
  const token = app.get(AccessTokens).sign(member);
  return { id: member.id, workspaceId, email, token, refreshToken: '', http: http.as(token) };
}

async function newWorkspace(transactions: Transactions, name: string): Promise<number> {
  return (await transactions.run((manager) => manager.save(manager.create(Workspace, { name })))).id;
}
