import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';

/** What the settings of one live configuration have to look like. No client hears of it, only of settings that changed. */
@Entity('live_config_schemas')
export class LiveConfigSchema {
  @PrimaryColumn({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  /** That of the configuration. */
  @PrimaryColumn('text')
  addressHash: string;

  @Column('jsonb')
  schema: object;

  @Column('timestamptz')
  updatedAt: Date;
}
