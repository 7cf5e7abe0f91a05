import type { Type } from '@nestjs/common';
import { TEST_DATABASE_URL, TEST_REDIS_URL } from './services.js';
import { startServer, startTwoNodes, type TestServer } from './start-server.js';

export const ADMIN = { email: 'admin@example.com', password: 'a password of the tests' };

export interface Nodes {
  /** Two nodes where PostgreSQL and Redis are there, otherwise twice the same one. */
  nodes: [TestServer, TestServer];
  close(): Promise<void>;
}

/** For promises that hold on every node: as many nodes as the services of this run allow. */
export async function startNodes(env: Record<string, string> = {}, modules: Type[] = []): Promise<Nodes> {
  if (TEST_DATABASE_URL !== null && TEST_REDIS_URL !== null) return startTwoNodes({ env, modules });
  const admin = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password };
  const server = await startServer({ env: { ...admin, ...env }, modules });
  return { nodes: [server, server], close: () => server.close() };
}
