import type { DataSource } from 'typeorm';
import { unavailable } from '../common/domain-error.js';
import { Outages } from './outages.js';

/** A database that is away for the first so many questions. */
function databaseAwayFor(questions: number) {
  const database = { asked: 0 };
  const query = async (): Promise<void> => {
    database.asked += 1;
    if (database.asked <= questions) throw new Error('Connection terminated unexpectedly');
  };
  return { database, outages: new Outages({ query } as unknown as DataSource) };
}

describe('an outage of the database', () => {
  it('is outlasted: what failed because of it is done again when the database answers, and only then', async () => {
    const { database, outages } = databaseAwayFor(2);
    const seen: number[] = [];
    const work = async (): Promise<string> => {
      seen.push(database.asked);
      if (database.asked < 3) throw unavailable('service.unavailable', 'away');
      return 'done';
    };
    expect(await outages.outlast(work)).toBe('done');
    expect(seen).toEqual([0, 3]);
  });

  it('is asked about once for all who wait', async () => {
    const { database, outages } = databaseAwayFor(2);
    const work = async (): Promise<string> => {
      if (database.asked < 3) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      return 'done';
    };
    const all = await Promise.all(Array.from({ length: 100 }, () => outages.outlast(work)));
    expect([new Set(all), database.asked]).toEqual([new Set(['done']), 3]);
  });

  it('that lasts too long is told', async () => {
    const { outages } = databaseAwayFor(Infinity);
    const work = (): Promise<never> => Promise.reject(unavailable('service.unavailable', 'still away'));
    await expect(outages.outlast(work, 300)).rejects.toThrow('still away');
  });

  it('is no excuse for other errors: they are not repeated', async () => {
    const { database, outages } = databaseAwayFor(0);
    let times = 0;
    const work = async (): Promise<never> => {
      times += 1;
      throw new Error('wrong');
    };
    await expect(outages.outlast(work)).rejects.toThrow('wrong');
    expect([times, database.asked]).toEqual([1, 0]);
  });
});
