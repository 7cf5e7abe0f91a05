import { CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';

/** The fact that a member is in a group. */
@Entity('group_members')
export class GroupMember {
  @PrimaryColumn({ type: 'bigint', transformer: bigintColumn })
  groupId: number;

  @PrimaryColumn({ type: 'bigint', transformer: bigintColumn })
  memberId: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
