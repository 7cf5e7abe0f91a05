import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WorkspaceRoleName } from '../../auth/identity.js';
import { bigintColumn } from '../../database/bigint-column.js';

/** What an account may do in one workspace. */
@Entity('workspace_roles')
export class WorkspaceRole {
  @PrimaryColumn({ type: 'bigint', transformer: bigintColumn })
  accountId: number;

  @PrimaryColumn({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  @Column('text')
  role: WorkspaceRoleName;
}
