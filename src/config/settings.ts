import type { SettingValues } from './settings.schema.js';

/** The validated configuration, injected wherever something depends on it; nobody else reads the environment. */
export class Settings implements SettingValues {
  readonly nodeEnv: SettingValues['nodeEnv'];
  readonly host: string;
  readonly port: number;
  readonly trustProxy: boolean;
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  readonly databaseStatementTimeoutMs: number;
  readonly databasePreparedStatements: SettingValues['databasePreparedStatements'];
  readonly dataDir: string;
  readonly redisUrl: string | null;
  readonly jwtSecret: string;
  /** JWT_SECRET was set; otherwise the secret was made here, and nodes that share a database have to agree on one. */
  readonly jwtSecretGiven: boolean;
  readonly accessTokenTtlSeconds: number;
  readonly refreshTokenTtlDays: number;
  readonly roomTokenTtlSeconds: number;
  readonly jwtIssuer: string | null;
  readonly jwtAudience: string | null;
  readonly jwksUrl: string | null;
  readonly jwtProvision: boolean;
  readonly jwtClockToleranceSeconds: number;
  readonly socketTokenExpiry: SettingValues['socketTokenExpiry'];
  readonly adminEmail: string | null;
  readonly adminPassword: string | null;
  readonly allowedOrigins: readonly string[];
  readonly eventRetentionHours: number;
  readonly sweepIntervalMs: number;
  readonly presenceGraceSeconds: number;
  readonly presenceBeatMs: number;
  readonly cablePingIntervalMs: number;
  readonly livePingIntervalMs: number;
  readonly realtimePingIntervalMs: number;
  readonly organizationNames: readonly string[];
  readonly maxRoomsPerSession: number;
  readonly pollTimeoutSeconds: number;
  readonly maxBodyBytes: number;
  readonly rateLimits: SettingValues['rateLimits'];
  readonly rateLimitIpPerSecond: number;
  readonly rateLimitMemberPerSecond: number;
  readonly rateLimitRoomPerSecond: number;
  readonly rateLimitSocketPerSecond: number;
  readonly rateLimitLoginsPerMinute: number;
  readonly rateLimitLoginsPerIpPerMinute: number;
  readonly drainDelayMs: number;
  readonly drainSpreadMs: number;
  readonly metricsToken: string | null;
  readonly logLevel: SettingValues['logLevel'];
  /** The administrator login is the well-known one of a development start, so the banner may show it. */
  readonly demoLogin: boolean;

  constructor(values: SettingValues) {
    Object.assign(this, values);
  }

  get production(): boolean {
    return this.nodeEnv === 'production';
  }

  /** Lines about single requests and deliveries are wanted. */
  get debugging(): boolean {
    return this.logLevel === 'debug' || this.logLevel === 'trace';
  }

  /** No PostgreSQL was named, so the server brings its own database. */
  get embeddedDatabase(): boolean {
    return this.databaseUrl === null;
  }
}
