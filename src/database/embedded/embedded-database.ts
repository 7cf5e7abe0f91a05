import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import { PGlite } from '@electric-sql/pglite';
import { IN_MEMORY } from '../../config/kept-secret.js';
import { DataDirLock } from './data-dir-lock.js';
import { PgliteBackend } from './pglite-backend.js';
import { PgliteStream } from './pglite-stream.js';

export interface EmbeddedDatabaseOptions {
  dataDir: string;
  /** A dump to start from instead of an empty database, for databases in memory. */
  image?: string | null;
}

/** The PostgreSQL that comes with the server: no port, no password, one session that all connections of this process share. */
export class EmbeddedDatabase {
  private readonly logger = new Logger('EmbeddedDatabase');
  private readonly lock: DataDirLock | null;
  private database: PGlite | null = null;
  private backend: PgliteBackend | null = null;

  constructor(private readonly options: EmbeddedDatabaseOptions) {
    this.lock = options.dataDir === IN_MEMORY ? null : new DataDirLock(options.dataDir);
  }

  async open(): Promise<void> {
    if (this.database !== null) return;
    await this.lock?.take();
    try {
      this.database = await this.start();
      this.backend = new PgliteBackend(this.database);
    } catch (error) {
      this.lock?.release();
      throw error;
    }
  }

  /** A connection for the PostgreSQL driver, in place of a network socket. */
  connect(): PgliteStream {
    if (this.backend === null) throw new Error('The embedded database is not open');
    return new PgliteStream(this.backend);
  }

  async close(): Promise<void> {
    const database = this.database;
    if (database === null) return;
    this.database = null;
    this.backend = null;
    try {
      await database.close();
    } catch (error) {
      this.logger.error(error, 'The embedded database did not close cleanly; it recovers at the next start');
    } finally {
      this.lock?.release();
    }
  }

  private async start(): Promise<PGlite> {
    const { dataDir, image } = this.options;
    if (dataDir !== IN_MEMORY) return PGlite.create({ dataDir: join(dataDir, 'postgres') });
    const loadDataDir = image ? new Blob([await readFile(image)]) : undefined;
    return PGlite.create({ dataDir: IN_MEMORY, loadDataDir });
  }
}
