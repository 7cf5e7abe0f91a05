import type { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { keptSecret } from './kept-secret.js';
import { type Environment, environmentSchema } from './settings.schema.js';
import { Settings } from './settings.js';

export const DEMO_EMAIL = 'admin@roomcast.local';
const DEMO_PASSWORD = 'roomcast-demo';
const LOOPBACK_HOSTS = ['127.0.0.1', '::1', 'localhost'];

type Variables = Readonly<Record<string, string | undefined>>;

/** Turns the environment into settings, or throws a ConfigurationError that lists all faults at once. */
export function loadSettings(variables: Variables): Settings {
  const given = withoutBlanks(variables);
  const parsed = environmentSchema.safeParse(given);
  const faults = [...(parsed.error?.issues.map(describeIssue) ?? []), ...faultsBetweenSettings(given)];
  if (!parsed.success || faults.length > 0) throw new ConfigurationError(faults);
  try {
    return new Settings({ ...plainValues(parsed.data), ...secrets(parsed.data) });
  } catch (error) {
    throw new ConfigurationError([`DATA_DIR: generated secrets cannot be kept there (${(error as Error).message})`]);
  }
}

/** An empty variable is what compose files and shells leave behind for "not set". */
function withoutBlanks(variables: Variables): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && value.trim() !== '') given[name] = value.trim();
  }
  return given;
}

/** The rules' own messages name what is expected, never what was given: it may be a secret. */
function describeIssue(issue: z.core.$ZodIssue): string {
  const message = issue.code === 'invalid_type' ? `must be a ${issue.expected}` : issue.message;
  return `${issue.path.join('.')}: ${message}`;
}

function faultsBetweenSettings(given: Record<string, string>): string[] {
  const faults: string[] = [];
  if (given.NODE_ENV === 'production' && given.JWT_SECRET === undefined) {
    faults.push('JWT_SECRET: is required in production');
  }
  if (given.ADMIN_EMAIL !== undefined && given.ADMIN_PASSWORD === undefined) {
    faults.push('ADMIN_PASSWORD: is required when ADMIN_EMAIL is set');
  }
  if (given.ADMIN_PASSWORD !== undefined && given.ADMIN_EMAIL === undefined) {
    faults.push('ADMIN_EMAIL: is required when ADMIN_PASSWORD is set');
  }
  const issuer = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWKS_URL'];
  const missing = issuer.filter((name) => given[name] === undefined);
  if (missing.length < issuer.length) {
    for (const name of missing) faults.push(`${name}: is required when another one of ${issuer.join(', ')} is set`);
  }
  return faults;
}

function plainValues(env: Environment) {
  return {
    nodeEnv: env.NODE_ENV,
    host: env.HOST,
    port: env.PORT,
    trustProxy: env.TRUST_PROXY,
    databaseUrl: env.DATABASE_URL ?? null,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    databaseStatementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
    databasePreparedStatements: env.DATABASE_PREPARED_STATEMENTS,
    dataDir: env.DATA_DIR,
    redisUrl: env.REDIS_URL ?? null,
    accessTokenTtlSeconds: env.ACCESS_TOKEN_TTL_SECONDS,
    refreshTokenTtlDays: env.REFRESH_TOKEN_TTL_DAYS,
    roomTokenTtlSeconds: env.ROOM_TOKEN_TTL_SECONDS,
    jwtIssuer: env.JWT_ISSUER ?? null,
    jwtAudience: env.JWT_AUDIENCE ?? null,
    jwksUrl: env.JWKS_URL ?? null,
    jwtProvision: env.JWT_PROVISION === 'on',
    jwtClockToleranceSeconds: env.JWT_CLOCK_TOLERANCE_SECONDS,
    socketTokenExpiry: env.SOCKET_TOKEN_EXPIRY,
    allowedOrigins: env.ALLOWED_ORIGINS,
    eventRetentionHours: env.EVENT_RETENTION_HOURS,
    sweepIntervalMs: env.SWEEP_INTERVAL_MS,
    presenceGraceSeconds: env.PRESENCE_GRACE_SECONDS,
    presenceBeatMs: env.PRESENCE_BEAT_MS,
    cablePingIntervalMs: env.CABLE_PING_INTERVAL_MS,
    livePingIntervalMs: env.LIVE_PING_INTERVAL_MS,
    realtimePingIntervalMs: env.REALTIME_PING_INTERVAL_MS,
    organizationNames: env.ORGANIZATION_NAMES,
    maxRoomsPerSession: env.MAX_ROOMS_PER_SESSION,
    pollTimeoutSeconds: env.POLL_TIMEOUT_SECONDS,
    maxBodyBytes: env.MAX_BODY_BYTES,
    rateLimits: env.RATE_LIMITS,
    rateLimitIpPerSecond: env.RATE_LIMIT_IP_PER_SECOND,
    rateLimitMemberPerSecond: env.RATE_LIMIT_MEMBER_PER_SECOND,
    rateLimitRoomPerSecond: env.RATE_LIMIT_ROOM_PER_SECOND,
    rateLimitSocketPerSecond: env.RATE_LIMIT_SOCKET_PER_SECOND,
    rateLimitLoginsPerMinute: env.RATE_LIMIT_LOGINS_PER_MINUTE,
    rateLimitLoginsPerIpPerMinute: env.RATE_LIMIT_LOGINS_PER_IP_PER_MINUTE,
    drainDelayMs: env.DRAIN_DELAY_MS ?? (env.NODE_ENV === 'production' ? 2_000 : 0),
    drainSpreadMs: env.DRAIN_SPREAD_MS ?? (env.NODE_ENV === 'production' ? 5_000 : 0),
    metricsToken: env.METRICS_TOKEN ?? null,
    logLevel: env.LOG_LEVEL,
  };
}

function secrets(env: Environment) {
  return {
    jwtSecret: env.JWT_SECRET ?? keptSecret(env.DATA_DIR, 'jwt-secret', 48),
    jwtSecretGiven: env.JWT_SECRET !== undefined,
    ...administrator(env),
  };
}

/** The well-known password is for a database that starts empty and a server that only this computer reaches. */
function administrator(env: Environment) {
  if (env.ADMIN_EMAIL !== undefined && env.ADMIN_PASSWORD !== undefined) {
    return { adminEmail: env.ADMIN_EMAIL, adminPassword: env.ADMIN_PASSWORD, demoLogin: false };
  }
  if (env.NODE_ENV === 'production') return { adminEmail: null, adminPassword: null, demoLogin: false };
  const local = env.DATABASE_URL === undefined && LOOPBACK_HOSTS.includes(env.HOST);
  const adminPassword = local ? DEMO_PASSWORD : keptSecret(env.DATA_DIR, 'admin-password', 15);
  return { adminEmail: DEMO_EMAIL, adminPassword, demoLogin: true };
}
