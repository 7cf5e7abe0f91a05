import type { ValueTransformer } from 'typeorm';

/** bigint arrives from the driver as text; our numbers stay below 2^53, so entities carry plain numbers. */
export const bigintColumn: ValueTransformer = {
  from: (stored: string | number | null | undefined) =>
    stored === null || stored === undefined ? stored : Number(stored),
  to: (value: unknown) => value,
};
