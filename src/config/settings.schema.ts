import { z } from 'zod';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const NODE_ENVIRONMENTS = ['development', 'test', 'production'] as const;
export const MINIMUM_SECRET_LENGTH = 32;

const whole = (minimum: number, maximum: number) => z.coerce.number().int().min(minimum).max(maximum);

const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');

/** URLs may carry passwords, so no message about one repeats it. */
const url = (schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol),
      `must be a URL that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    );

/** Whoever can change what this address answers can be anybody, so only this computer may be asked in clear. */
const keySetUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}, 'must be a URL that starts with https://');

const origins = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((origin) => origin.trim().replace(/\/+$/, ''))
      .filter((origin) => origin !== ''),
  )
  .refine(
    (list) => list.every((origin) => origin === '*' || /^([a-z][a-z0-9+.-]*:\/\/(\*\.)?|\*\.)[^/\s*]+$/i.test(origin)),
    'must be origins such as https://app.example.com or *.example.com, separated by commas',
  )
  .transform((list) => (list.includes('*') ? [] : list));

const names = z.string().transform((text) =>
  text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== ''),
);

/** Every setting: its rule, its default, and the sentence that documents it. The key is the environment variable's name. */
export const environmentSchema = z.object({
  NODE_ENV: z
    .enum(NODE_ENVIRONMENTS)
    .default('development')
    .describe('What the server runs for; production has no default secrets and logs JSON lines.'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all.'),
  PORT: whole(0, 65_535).default(3000).describe('Port to listen on; 0 takes any free one.'),
  TRUST_PROXY: flag
    .default(false)
    .describe('Believe X-Forwarded-* headers; only behind a proxy that sets them itself.'),
  DATABASE_URL: url(['postgres:', 'postgresql:'])
    .optional()
    .describe('PostgreSQL 13 or newer; without it an embedded database in DATA_DIR is used.'),
  DATABASE_POOL_SIZE: whole(2, 500).default(10).describe('Connections that one node holds to PostgreSQL at most.'),
  DATABASE_STATEMENT_TIMEOUT_MS: whole(0, 3_600_000)
    .default(30_000)
    .describe('A statement that runs longer is cancelled; 0 sets no limit.'),
  DATABASE_PREPARED_STATEMENTS: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off for poolers that hand a connection on after each transaction.'),
  DATA_DIR: z
    .string()
    .default('.data')
    .describe('Folder of the embedded database and of generated secrets; memory:// keeps nothing.'),
  REDIS_URL: url(['redis:', 'rediss:'])
    .optional()
    .describe('Redis that connects several nodes; without it one node works alone.'),
  JWT_SECRET: z
    .string()
    .min(MINIMUM_SECRET_LENGTH, `must have at least ${MINIMUM_SECRET_LENGTH} characters`)
    .optional()
    .describe(
      'Signs access and room tokens, at least 32 characters; required in production, otherwise made and kept in DATA_DIR.',
    ),
  ACCESS_TOKEN_TTL_SECONDS: whole(1, 86_400).default(3600).describe('How long an access token is good.'),
  REFRESH_TOKEN_TTL_DAYS: whole(1, 3650).default(30).describe('How long a refresh token is good.'),
  ROOM_TOKEN_TTL_SECONDS: whole(1, 2_592_000).default(43_200).describe('How long a room token is good.'),
  JWT_ISSUER: z
    .string()
    .optional()
    .describe('Another issuer whose access tokens are accepted beside our own; goes with JWT_AUDIENCE and JWKS_URL.'),
  JWT_AUDIENCE: z.string().optional().describe('The audience that tokens of that issuer have to name.'),
  JWKS_URL: keySetUrl.optional().describe('Where that issuer publishes its keys: https, or http on this computer.'),
  JWT_PROVISION: z
    .enum(['on', 'off'])
    .default('off')
    .describe('Whether a subject of that issuer becomes a member of the workspace main at the first request.'),
  JWT_CLOCK_TOLERANCE_SECONDS: whole(0, 300)
    .default(5)
    .describe('How far clocks may differ when tokens begin and expire; at most a tenth of the life of a token.'),
  SOCKET_TOKEN_EXPIRY: z
    .enum(['ignore', 'disconnect'])
    .default('ignore')
    .describe('Whether a live socket goes on (ignore) or ends (disconnect) when its access token expires.'),
  ADMIN_EMAIL: z
    .email('must be an e-mail address')
    .optional()
    .describe('Login of the administrator of the workspace main, made at boot; a demo login outside production.'),
  ADMIN_PASSWORD: z
    .string()
    .min(8, 'must have at least 8 characters')
    .optional()
    .describe('Password of that administrator; goes together with ADMIN_EMAIL.'),
  ALLOWED_ORIGINS: origins
    .default([])
    .describe(
      'Web origins that may call from a browser, separated by commas; *.example.com means every host below it; empty allows any.',
    ),
  EVENT_RETENTION_HOURS: whole(1, 8760).default(24).describe('How long events can be replayed.'),
  SWEEP_INTERVAL_MS: whole(50, 600_000)
    .default(5000)
    .describe('How often a node looks for events that no hint announced.'),
  PRESENCE_GRACE_SECONDS: whole(0, 3600)
    .default(2)
    .describe(
      'How long a member whose last connection has ended still counts as online, so that a reload is no leave.',
    ),
  PRESENCE_BEAT_MS: whole(50, 60_000)
    .default(2000)
    .describe('How often a node says that it lives, the same on all; after four such times of silence it is gone.'),
  CABLE_PING_INTERVAL_MS: whole(100, 60_000)
    .default(3000)
    .describe('How often a client on /cable is pinged; the usual clients reconnect after 6 s of silence.'),
  LIVE_PING_INTERVAL_MS: whole(100, 600_000)
    .default(30_000)
    .describe('How often a client on /live is pinged; one that has not answered twice is gone.'),
  REALTIME_PING_INTERVAL_MS: whole(100, 600_000)
    .default(30_000)
    .describe('How often a client on /api/realtime is pinged; one that has not answered twice is gone.'),
  ORGANIZATION_NAMES: names
    .default([])
    .describe(
      'Names by which the workspace main is known as an organization, separated by commas; empty: every name that is no other workspace.',
    ),
  MAX_ROOMS_PER_SESSION: whole(1, 100_000).default(1000).describe('Rooms that one connection may be in at a time.'),
  POLL_TIMEOUT_SECONDS: whole(1, 3600)
    .default(300)
    .describe('How long a long poll of /v1.1 waits for a message before it is answered with 204.'),
  MAX_BODY_BYTES: whole(1024, 1_073_741_824).default(1_048_576).describe('Largest request body, in bytes.'),
  RATE_LIMITS: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Whether requests are limited at all; off for tests and benchmarks.'),
  RATE_LIMIT_IP_PER_SECOND: whole(1, 1_000_000)
    .default(5_000)
    .describe('HTTP requests of one address, averaged over 10 s; an IPv6 /64 counts as one address.'),
  RATE_LIMIT_MEMBER_PER_SECOND: whole(1, 1_000_000)
    .default(1_000)
    .describe('HTTP requests of one member or API key, averaged over 10 s.'),
  RATE_LIMIT_ROOM_PER_SECOND: whole(1, 1_000_000)
    .default(2_000)
    .describe('Messages that all members together send into one room, averaged over 10 s.'),
  RATE_LIMIT_SOCKET_PER_SECOND: whole(1, 1_000_000)
    .default(2_000)
    .describe('Joins and client events of one member over all of their sockets, averaged over 10 s.'),
  RATE_LIMIT_LOGINS_PER_MINUTE: whole(1, 1_000_000)
    .default(120)
    .describe('Logins and registrations with one e-mail address from one address.'),
  RATE_LIMIT_LOGINS_PER_IP_PER_MINUTE: whole(1, 1_000_000)
    .default(6_000)
    .describe('Logins, registrations, refreshes and logouts from one address.'),
  DRAIN_DELAY_MS: whole(0, 600_000)
    .optional()
    .describe(
      'How long a node that was told to stop goes on serving, so that load balancers notice; 2000 in production, else 0.',
    ),
  DRAIN_SPREAD_MS: whole(0, 600_000)
    .optional()
    .describe('Over how long it then sends its clients away, each at a random moment; 5000 in production, else 0.'),
  METRICS_TOKEN: z
    .string()
    .optional()
    .describe('Asked for at /metrics, as Authorization: Bearer; without it anybody may read them.'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info').describe('Least important log line that is written.'),
});

export type Environment = z.output<typeof environmentSchema>;

/** The settings under the names that the code uses. */
export interface SettingValues {
  nodeEnv: Environment['NODE_ENV'];
  host: string;
  port: number;
  trustProxy: boolean;
  databaseUrl: string | null;
  databasePoolSize: number;
  databaseStatementTimeoutMs: number;
  databasePreparedStatements: Environment['DATABASE_PREPARED_STATEMENTS'];
  dataDir: string;
  redisUrl: string | null;
  jwtSecret: string;
  jwtSecretGiven: boolean;
  accessTokenTtlSeconds: number;
  refreshTokenTtlDays: number;
  roomTokenTtlSeconds: number;
  jwtIssuer: string | null;
  jwtAudience: string | null;
  jwksUrl: string | null;
  jwtProvision: boolean;
  jwtClockToleranceSeconds: number;
  socketTokenExpiry: Environment['SOCKET_TOKEN_EXPIRY'];
  adminEmail: string | null;
  adminPassword: string | null;
  allowedOrigins: readonly string[];
  eventRetentionHours: number;
  sweepIntervalMs: number;
  presenceGraceSeconds: number;
  presenceBeatMs: number;
  cablePingIntervalMs: number;
  livePingIntervalMs: number;
  realtimePingIntervalMs: number;
  organizationNames: readonly string[];
  maxRoomsPerSession: number;
  pollTimeoutSeconds: number;
  maxBodyBytes: number;
  rateLimits: Environment['RATE_LIMITS'];
  rateLimitIpPerSecond: number;
  rateLimitMemberPerSecond: number;
  rateLimitRoomPerSecond: number;
  rateLimitSocketPerSecond: number;
  rateLimitLoginsPerMinute: number;
  rateLimitLoginsPerIpPerMinute: number;
  drainDelayMs: number;
  drainSpreadMs: number;
  metricsToken: string | null;
  logLevel: Environment['LOG_LEVEL'];
  demoLogin: boolean;
}
