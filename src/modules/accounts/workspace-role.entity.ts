import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';

/** From most to least: an owner may delete the workspace, `read` may only look. */
export const WORKSPACE_ROLES = ['owner', 'full', 'write', 'read'] as const;

/** What an account may do in one workspace. */
@Entity('workspace_roles')
export class WorkspaceRole {
  @PrimaryColumn({ type: 'bigint', transformer: bigintColumn })
  accountId: number;

  @PrimaryColumn({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  @Column('text')
  role: (typeof WORKSPACE_ROLES)[number];
}
