import { createSecretKey, type KeyObject } from 'node:crypto';
import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { Settings } from '../config/settings.js';
import { DatabaseModule } from '../database/database.module.js';

export const SIGNING_KEY = Symbol('signing key');

/** What nodes on one database agree on when nobody configured it. */
export class CreateServerSecrets1763700000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE server_secrets (name text PRIMARY KEY, value text NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE server_secrets');
  }
}

/**
 * The key that signs our tokens. Without JWT_SECRET (never so in production) the first node on a PostgreSQL leaves the
 * secret that it made for the others, or a token of one would be worth nothing on the next.
 */
async function signingKey(settings: Settings, dataSource: DataSource): Promise<KeyObject> {
  const shared =
    settings.jwtSecretGiven || settings.embeddedDatabase ? null : await agreeOn(settings.jwtSecret, dataSource);
  // A key object: from a text the verifier would first try to parse a public key, at every call.
  return createSecretKey(Buffer.from(shared ?? settings.jwtSecret));
}

async function agreeOn(made: string, dataSource: DataSource): Promise<string> {
  const offer = `INSERT INTO server_secrets (name, value) VALUES ('jwt', $1) ON CONFLICT (name) DO NOTHING`;
  await dataSource.query(offer, [made]);
  const [kept] = await dataSource.query<{ value: string }[]>(`SELECT value FROM server_secrets WHERE name = 'jwt'`);
  return kept!.value;
}

/** The key, asked for once. */
@Module({
  imports: [DatabaseModule.forFeature({ entities: [], migrations: [CreateServerSecrets1763700000500] })],
  providers: [{ provide: SIGNING_KEY, inject: [Settings, getDataSourceToken()], useFactory: signingKey }],
  exports: [SIGNING_KEY],
})
export class SigningKeyModule {}
