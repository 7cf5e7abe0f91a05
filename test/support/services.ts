/** The PostgreSQL and the Redis that the suite may use; without them everything runs on one node with the embedded database. */
export const TEST_DATABASE_URL = process.env.TEST_DATABASE_URL || null;
export const TEST_REDIS_URL = process.env.TEST_REDIS_URL || null;

export type Service = 'postgres' | 'redis';

const ADDRESSES: Record<Service, { variable: string; url: string | null }> = {
  postgres: { variable: 'TEST_DATABASE_URL', url: TEST_DATABASE_URL },
  redis: { variable: 'TEST_REDIS_URL', url: TEST_REDIS_URL },
};

/** A test that needs real services; without them it is skipped and its name says why. */
export function itWith(services: Service[], name: string, test: () => Promise<void>, timeoutMs?: number): void {
  const missing = services.map((service) => ADDRESSES[service]).filter(({ url }) => url === null);
  if (missing.length === 0) it(name, test, timeoutMs);
  else it.skip(`${name} (skipped: needs ${missing.map(({ variable }) => variable).join(' and ')})`, test);
}
