import { Socket } from 'node:net';

/** What node-postgres has below a connection; the embedded database has no socket there. */
interface PostgresClient {
  readyForQuery: boolean;
  connection: { stream: unknown };
}

/**
 * Gives a connection up when an answer is due on it and nothing has come for this long. A server that stands still, or a
 * network that swallows everything, tells nobody, and who waits would wait for ever.
 */
export function limitSilence(client: PostgresClient, milliseconds: number): void {
  const { stream } = client.connection;
  if (!(stream instanceof Socket)) return;
  stream.on('timeout', () => {
    if (!client.readyForQuery) stream.destroy(new SilentDatabaseError());
  });
  stream.setTimeout(milliseconds);
}

/** For work that may take as long as it takes. */
export async function withoutSilenceLimit<T>(client: PostgresClient, work: () => Promise<T>): Promise<T> {
  const { stream } = client.connection;
  if (!(stream instanceof Socket)) return work();
  const limit = stream.timeout ?? 0;
  stream.setTimeout(0);
  try {
    return await work();
  } finally {
    stream.setTimeout(limit);
  }
}

class SilentDatabaseError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super('The database did not answer');
  }
}
