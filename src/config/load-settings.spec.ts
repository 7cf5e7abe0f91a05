import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from './configuration-error.js';
import { describeSettings } from './describe-settings.js';
import { loadSettings } from './load-settings.js';

const MEMORY = { DATA_DIR: 'memory://' };
const SECRET = 'k'.repeat(32);

function faultsOf(variables: Record<string, string>): readonly string[] {
  try {
    loadSettings({ ...MEMORY, ...variables });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roomcast-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has a default for everything that a newcomer would have to set', () => {
    const settings = loadSettings(MEMORY);
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: null,
      redisUrl: null,
      allowedOrigins: [],
      eventRetentionHours: 24,
      pollTimeoutSeconds: 300,
      maxBodyBytes: 1_048_576,
      demoLogin: true,
    });
    expect(settings.embeddedDatabase).toBe(true);
  });

  it('lists all faults at once, by the names of the variables', () => {
    const faults = faultsOf({
      PORT: 'http',
      NODE_ENV: 'production',
      DATABASE_URL: 'mysql://x',
      LOG_LEVEL: 'loud',
      ADMIN_EMAIL: 'somebody',
      EVENT_RETENTION_HOURS: '0',
    });
    const names = faults.map((fault) => fault.split(':')[0]);
    expect(new Set(names)).toEqual(
      new Set([
        'PORT',
        'DATABASE_URL',
        'LOG_LEVEL',
        'ADMIN_EMAIL',
        'EVENT_RETENTION_HOURS',
        'JWT_SECRET',
        'ADMIN_PASSWORD',
      ]),
    );
  });

  it('repeats no value in a fault', () => {
    const canary = 'canary-value';
    const faults = faultsOf({
      PORT: canary,
      NODE_ENV: canary,
      JWT_SECRET: canary,
      DATABASE_URL: canary,
      REDIS_URL: canary,
      ADMIN_EMAIL: canary,
      ADMIN_PASSWORD: 'canary',
      ALLOWED_ORIGINS: canary,
      TRUST_PROXY: canary,
      LOG_LEVEL: canary,
    });
    expect(faults).toHaveLength(10);
    expect(faults.join('\n')).not.toContain('canary');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadSettings({ ...MEMORY, DATABASE_URL: '', PORT: ' ' })).toMatchObject({ databaseUrl: null, port: 3000 });
  });

  it('does not start in production without a secret, or with a short one', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual(['JWT_SECRET: is required in production']);
    expect(faultsOf({ NODE_ENV: 'production', JWT_SECRET: 'short' })).toEqual([
      'JWT_SECRET: must have at least 32 characters',
    ]);
  });

  it('has no administrator of its own making in production', () => {
    const settings = loadSettings({ ...MEMORY, NODE_ENV: 'production', JWT_SECRET: SECRET });
    expect(settings).toMatchObject({ adminEmail: null, adminPassword: null, demoLogin: false });
  });

  it('knows another issuer by all three of its settings, and asks for its keys in clear only on this computer', () => {
    expect(faultsOf({ JWT_ISSUER: 'https://a.example/' }).map((fault) => fault.split(':')[0])).toEqual([
      'JWT_AUDIENCE',
      'JWKS_URL',
    ]);
    const issuer = { JWT_ISSUER: 'https://a.example/', JWT_AUDIENCE: 'us' };
    expect(faultsOf({ ...issuer, JWKS_URL: 'http://a.example/keys' })).toEqual([
      'JWKS_URL: must be a URL that starts with https://',
    ]);
    for (const url of ['https://a.example/keys', 'http://127.0.0.1:9/keys', 'http://[::1]:9/', 'http://localhost/']) {
      expect(faultsOf({ ...issuer, JWKS_URL: url })).toEqual([]);
    }
  });

  it('makes a secret once, keeps it for its owner only and uses it again', () => {
    const first = loadSettings({ DATA_DIR: folder });
    const second = loadSettings({ DATA_DIR: folder });
    expect(first.jwtSecret.length).toBeGreaterThanOrEqual(32);
    expect(second.jwtSecret).toBe(first.jwtSecret);
    expect(readFileSync(join(folder, 'jwt-secret'), 'utf8')).toBe(first.jwtSecret);
    expect(statSync(join(folder, 'jwt-secret')).mode & 0o777).toBe(0o600);
  });

  it('uses the well-known demo password only on the embedded database of a server that nobody else reaches', () => {
    const wellKnown = loadSettings(MEMORY).adminPassword;
    const onPostgres = loadSettings({ DATA_DIR: folder, DATABASE_URL: 'postgres://127.0.0.1/x' });
    const onAllAddresses = loadSettings({ ...MEMORY, HOST: '0.0.0.0' });
    expect(onPostgres.adminPassword).not.toBe(wellKnown);
    expect(onAllAddresses.adminPassword).not.toBe(wellKnown);
    expect(loadSettings({ DATA_DIR: folder, DATABASE_URL: 'postgres://127.0.0.1/x' }).adminPassword).toBe(
      onPostgres.adminPassword,
    );
  });

  it('reads a list of origins, and * as any', () => {
    expect(
      loadSettings({ ...MEMORY, ALLOWED_ORIGINS: 'https://a.example, https://b.example/' }).allowedOrigins,
    ).toEqual(['https://a.example', 'https://b.example']);
    expect(loadSettings({ ...MEMORY, ALLOWED_ORIGINS: '*' }).allowedOrigins).toEqual([]);
  });

  it('says in one line that the data directory cannot be written', () => {
    expect(faultsOf({ DATA_DIR: '/dev/null/roomcast' })).toEqual([expect.stringMatching(/^DATA_DIR: /)]);
  });

  it('documents every setting', () => {
    for (const setting of describeSettings())
      expect(setting).toMatchObject({ description: expect.stringMatching(/\.$/) });
  });
});
