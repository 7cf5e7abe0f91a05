// The services of the second test run. Usage: node .ci/services.mjs probe | create <database> | drop <database>
import { Redis } from 'ioredis';
import pg from 'pg';

const adminUrl = process.env.CI_DATABASE_ADMIN_URL || 'postgres://postgres@127.0.0.1:5432/postgres';
const redisUrl = process.env.CI_REDIS_URL || 'redis://127.0.0.1:6379';
const patience = 3000;

async function asAdmin(...statements) {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: patience });
  // A lost connection also rejects the call under way; unheard, the event would end the process with a trace.
  client.on('error', () => {});
  try {
    await client.connect();
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end().catch(() => {});
  }
}

async function pingRedis() {
  const redis = new Redis(redisUrl, { lazyConnect: true, connectTimeout: patience, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}

const commands = {
  async probe() {
    const answers = await Promise.allSettled([asAdmin('SELECT 1'), pingRedis()]);
    const missing = ['PostgreSQL', 'Redis'].filter((_, index) => answers[index].status === 'rejected');
    if (missing.length > 0) throw new Error(`${missing.join(' and ')} did not answer`);
  },
  async create(name) {
    await asAdmin(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    console.log(`TEST_DATABASE_URL=${url.href}`);
    console.log(`TEST_REDIS_URL=${redisUrl}`);
  },
  async drop(name) {
    await asAdmin(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
  },
};

try {
  const [command, name] = process.argv.slice(2);
  await commands[command](name);
} catch (error) {
  console.error(error.message || error.code);
  process.exitCode = 1;
}
