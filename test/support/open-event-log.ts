import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { Clock } from '../../src/common/clock.js';
import { loadSettings } from '../../src/config/load-settings.js';
import type { Settings } from '../../src/config/settings.js';
import { LocalBus } from '../../src/events/bus/local-bus.js';
import type { StreamHint } from '../../src/events/bus/event-bus.js';
import type { EventDraft } from '../../src/events/domain-event.js';
import { EventCollector } from '../../src/events/event-collector.js';
import { EventLog } from '../../src/events/event-log.js';
import { AddEventVersion1763700750000 } from '../../src/events/event-version.migration.js';
import { AddStreamRules1763700790000 } from '../../src/events/stream-rules.migration.js';
import { CreateEventLog1763700000000 } from '../../src/events/event.migration.js';
import { EventWriter } from '../../src/events/event-writer.js';
import { type Change, RealtimeSubscriber } from '../../src/events/realtime.subscriber.js';
import { Retention } from '../../src/events/retention.js';
import { WriteGuard } from '../../src/events/write-guard.js';
import { type OpenDatabase, openDatabase } from './open-database.js';

/** A small realtime thing that only the tests know. */
@Entity('notes')
export class Note {
  @PrimaryGeneratedColumn() id: number;
  @Column('text') board: string;
  @Column('text') text: string;
  @Column('text', { nullable: true, select: false }) secret: string | null;
}

export class NoteSubscriber extends RealtimeSubscriber<Note> {
  readonly entity = Note;

  describe({ action, entity }: Change<Note>): EventDraft {
    const { id, board, text } = entity;
    return { stream: `boards/${board}`, action, type: 'note', path: `/notes/${id}`, resource: { id, board, text } };
  }
}

export class TestClock extends Clock {
  private offsetMs = 0;

  override now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  moveHours(hours: number): void {
    this.offsetMs += hours * 3_600_000;
  }
}

export interface OpenEventLog extends OpenDatabase {
  log: EventLog;
  retention: Retention;
  guard: WriteGuard;
  clock: TestClock;
  settings: Settings;
  /** What the bus was told, in order. */
  hints: StreamHint[];
}

/** The real database and the real events core, without Nest, around the table `notes`. */
export async function openEventLog(): Promise<OpenEventLog> {
  const database = await openDatabase({
    entities: [Note],
    migrations: [CreateEventLog1763700000000, AddEventVersion1763700750000, AddStreamRules1763700790000],
    setUp: 'CREATE TABLE notes (id serial PRIMARY KEY, board text NOT NULL, text text NOT NULL, secret text)',
  });
  const { dataSource } = database;
  const settings = loadSettings({ DATA_DIR: 'memory://' });
  const clock = new TestClock();
  const retention = new Retention(dataSource, settings, clock);
  const bus = new LocalBus();
  const hints: StreamHint[] = [];
  bus.listen({ hints: (told) => hints.push(...told), signals: () => undefined, gap: () => undefined });
  const collector = new EventCollector(dataSource, new EventWriter(clock, retention), bus);
  const guard = new WriteGuard(dataSource, settings);
  const log = new EventLog(dataSource, collector, settings, clock, retention);
  const subscriber = new NoteSubscriber();
  Object.assign(subscriber, { collector, guard });
  subscriber.onModuleInit();
  await retention.maintain();
  return { ...database, log, retention, guard, clock, settings, hints };
}
