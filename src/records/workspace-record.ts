import { Column, CreateDateColumn, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { JsonObject } from '../common/json.js';
import { bigintColumn } from '../database/bigint-column.js';
import type { StoredRow } from './record-definition.js';
import { viewOf } from './record.view.js';

/** The base of entities whose rows belong to a workspace. Its columns in SQL: README.md. */
export abstract class WorkspaceRecord implements StoredRow {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz', precision: 3 })
  updatedAt: Date;

  /** Counts the changes; no part of a view. */
  @VersionColumn()
  version: number;

  /** A row that gets into a reply or a log line by mistake shows no more than its view. */
  toJSON(): JsonObject {
    return viewOf(this);
  }
}

/** A record that a member made. */
export abstract class AuthoredRecord extends WorkspaceRecord {
  @Column({ type: 'bigint', transformer: bigintColumn })
  authorId: number;
}
