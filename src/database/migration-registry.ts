import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';

const registered = new Set<Type<MigrationInterface>>();

/** Collects what the features bring, while their modules load; boot reads the sum. */
export function registerMigrations(migrations: Type<MigrationInterface>[]): void {
  for (const migration of migrations) registered.add(migration);
}

export function registeredMigrations(): Type<MigrationInterface>[] {
  return [...registered];
}
