import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { asUnavailable } from '../common/connection-errors.js';
import { currentRequest } from '../common/request-context.js';
import { Spread } from '../common/tally.js';
import { openFrameOf, runInFrame } from './open-frames.js';
import { TransactionFrame } from './transaction-frame.js';

type Work<T> = (manager: EntityManager) => Promise<T>;

/** Every write goes through here: one transaction per call, a savepoint when a caller further up already has one. */
@Injectable()
export class Transactions {
  /** How long whole transactions took, in seconds, with the wait for a connection. */
  readonly durations = { 'read write': new Spread(), snapshot: new Spread() };

  constructor(private readonly dataSource: DataSource) {}

  /** Commits what `work` did with its manager, or, when it throws, takes all of it back. */
  async run<T>(work: Work<T>): Promise<T> {
    return this.translated(async () => {
      const outer = openFrameOf(this.dataSource);
      if (outer === null) return this.timed('read write', marked(work));
      if (outer.readOnly) throw new Error('A write was asked for inside a snapshot, which only reads');
      return outer.savepoint(this.inside(work));
    });
  }

  /** Gives several reads one state of the database; inside a `run` it reads with that transaction's eyes. */
  async snapshot<T>(work: Work<T>): Promise<T> {
    return this.translated(async () => {
      const outer = openFrameOf(this.dataSource);
      if (outer !== null) return work(outer.manager);
      return this.timed('snapshot', work);
    });
  }

  /** Starts work that must not become part of the caller's transaction, such as a loop that outlives it. */
  outside<T>(work: () => T): T {
    return runInFrame(null, work);
  }

  /** Whether the calling code runs inside an open `run` or `snapshot`. */
  get active(): boolean {
    return openFrameOf(this.dataSource) !== null;
  }

  /** Whether a write of the calling code must be part of more: of its transaction, or of what its request commits. */
  get bound(): boolean {
    return this.active || currentRequest()?.beforeCommit !== undefined;
  }

  private async timed<T>(mode: 'read write' | 'snapshot', work: Work<T>): Promise<T> {
    const start = performance.now();
    try {
      return await TransactionFrame.outermost(this.dataSource, mode, this.inside(work));
    } finally {
      this.durations[mode].addSince(start);
    }
  }

  private inside<T>(work: Work<T>): (frame: TransactionFrame) => Promise<T> {
    return (frame) => runInFrame(frame, () => work(frame.manager));
  }

  private async translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asUnavailable(error) ?? error;
    }
  }
}

/** Adds what the request being served wants written together with its change. */
function marked<T>(work: Work<T>): Work<T> {
  const context = currentRequest();
  if (!context?.beforeCommit) return work;
  return async (manager) => {
    const result = await work(manager);
    await context.beforeCommit?.(manager);
    return result;
  };
}
