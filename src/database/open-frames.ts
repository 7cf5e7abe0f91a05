import type { DataSource } from 'typeorm';
import { ContextSlot } from '../common/context-slot.js';
import type { TransactionFrame } from './transaction-frame.js';

/** One slot for all data sources of the process; a frame knows whose it is. */
const slot = new ContextSlot<TransactionFrame | null>();

/** The transaction that the calling code runs in. One that ended, or that belongs to another database, is none to join. */
export function openFrameOf(dataSource: DataSource): TransactionFrame | null {
  const frame = slot.get() ?? null;
  return frame !== null && frame.open && frame.dataSource === dataSource ? frame : null;
}

export function runInFrame<T>(frame: TransactionFrame | null, work: () => T): T {
  return slot.run(frame, work);
}
