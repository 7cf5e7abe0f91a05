import pg from 'pg';
import { BreakableProxy } from '../../test/support/breakable-proxy.js';
import { itWith, TEST_DATABASE_URL } from '../../test/support/services.js';
import { isUnavailable } from '../common/connection-errors.js';
import { limitSilence, withoutSilenceLimit } from './silence-limit.js';

type Limited = pg.Client & Parameters<typeof limitSilence>[0] & { connection: { stream: NodeJS.EventEmitter } };

async function connected(url: string): Promise<Limited> {
  const client = new pg.Client(url) as Limited;
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

// Real: PostgreSQL, its driver, and a network that swallows everything.
describe('a connection on which nothing comes', () => {
  itWith(['postgres'], 'is given up when an answer is due, with an error that says: later', async () => {
    const network = new BreakableProxy(new URL(TEST_DATABASE_URL!));
    await network.open();
    const client = await connected(network.url);
    limitSilence(client, 200);
    network.hold();
    const error: unknown = await client.query('SELECT 1').catch((reason: unknown) => reason);
    expect(String(error)).toContain('The database did not answer');
    expect(isUnavailable(error)).toBe(true);
    await network.break();
  });

  itWith(['postgres'], 'is kept while nobody waits for anything, and while a migration takes its time', async () => {
    const client = await connected(TEST_DATABASE_URL!);
    limitSilence(client, 60_000);
    client.connection.stream.emit('timeout');
    expect((await client.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();

    const patient = await connected(TEST_DATABASE_URL!);
    limitSilence(patient, 200);
    await withoutSilenceLimit(patient, () => patient.query('SELECT pg_sleep(0.5)'));
    await expect(patient.query('SELECT pg_sleep(30)')).rejects.toThrow('The database did not answer');
  });
});
