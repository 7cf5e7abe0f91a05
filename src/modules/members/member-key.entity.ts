import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';

/** The lasting key by which a member acts through a program. The key itself is never stored (see DerivedKeys). */
@Entity('member_keys')
export class MemberKey {
  @PrimaryColumn({ type: 'bigint', transformer: bigintColumn })
  memberId: number;

  @Column('text')
  salt: string;

  @Column('text')
  hash: string;
}
