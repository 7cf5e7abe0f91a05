import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { RoomcastAdapter } from '../common/http/roomcast.adapter.js';
import { Transactions } from '../database/transactions.js';
import { EventBus } from '../events/bus/event-bus.js';
import { SessionRegistry } from '../realtime/session-registry.js';
import { Waiters } from '../realtime/waiters.js';
import { exposeDatabase } from './database.metrics.js';
import { exposeEvents } from './events.metrics.js';
import { Exposition } from './exposition.js';
import { exposeHttp } from './http.metrics.js';
import { exposeRealtime } from './realtime.metrics.js';

/** The numbers of one server, gathered from where they are counted when somebody asks for them. */
@Injectable()
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  private readonly registry = new Registry();
  private processWatched = false;

  constructor(
    adapters: HttpAdapterHost<RoomcastAdapter>,
    sessions: SessionRegistry,
    waiters: Waiters,
    bus: EventBus,
    dataSource: DataSource,
    transactions: Transactions,
  ) {
    const exposition = new Exposition(this.registry);
    exposeRealtime(exposition, sessions, waiters);
    exposeEvents(exposition, bus);
    exposeHttp(exposition, adapters.httpAdapter.traffic);
    exposeDatabase(exposition, dataSource, transactions);
  }

  text(): Promise<string> {
    // Watching the process has a small price, which only those pay who look.
    if (!this.processWatched) collectDefaultMetrics({ register: this.registry });
    this.processWatched = true;
    return this.registry.metrics();
  }
}
