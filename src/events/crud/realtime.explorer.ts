import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../event-log.js';
import { RealtimeDrafts } from './realtime.drafts.js';
import { realtimeMarks, type RealtimeMark } from './realtime.decorators.js';

type Method = (...args: unknown[]) => unknown;

/** Finds the decorated methods of all providers at boot and makes each of them tell its rooms. */
@Injectable()
export class RealtimeExplorer implements OnModuleInit {
  private readonly scanner = new MetadataScanner();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly transactions: Transactions,
    private readonly log: EventLog,
    private readonly drafts: RealtimeDrafts,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance !== null && typeof instance === 'object') this.attach(instance as Record<string, unknown>);
    }
  }

  /** Wraps the decorated methods of one object; an object without any is left alone. */
  attach(instance: Record<string, unknown>): void {
    const prototype = Object.getPrototypeOf(instance) as object | null;
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const method = instance[name];
      if (typeof method !== 'function') continue;
      const marks = realtimeMarks(method);
      if (marks.length > 0) instance[name] = this.wrap(instance, method as Method, marks);
    }
  }

  private wrap(instance: object, method: Method, marks: RealtimeMark[]): Method {
    return (...args) =>
      this.transactions.run(async (manager) => {
        const result = await method.apply(instance, args);
        const drafts = marks.flatMap((mark) => this.drafts.of(mark, result, args));
        if (drafts.length > 0) this.log.append(manager, drafts);
        return result;
      });
  }
}
