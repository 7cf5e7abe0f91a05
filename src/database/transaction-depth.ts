import type { QueryRunner } from 'typeorm';

/** 0: no transaction; 1: in one; 2 and more: in its savepoints. TypeORM keeps the number, but does not declare it public. */
export function transactionDepth(runner: QueryRunner): number {
  return (runner as unknown as { transactionDepth: number }).transactionDepth;
}
