import { Column, Entity } from 'typeorm';
import type { Identity } from '../../src/auth/identity.js';
import { invalid } from '../../src/common/domain-error.js';
import { administrators, AuthoredRecord, authors, members, RealtimeRecord } from '../../src/records/index.js';
import { askSchema, pollSchema } from './polls.schemas.js';

/** A question to the members of a workspace. */
@Entity('polls')
@RealtimeRecord({
  type: 'poll',
  path: '/polls',
  view: pollSchema,
  create: askSchema,
  may: { read: members, create: members, vote: members, delete: [authors, administrators] },
  anonymous: true,
})
export class Poll extends AuthoredRecord {
  @Column('text') question: string;
  @Column('jsonb') options: string[];
  /** By member: the number of their option. Secret, so the view does not name it. */
  @Column('jsonb') votes: Record<string, number> = {};

  get results() {
    const chosen = Object.values(this.votes);
    return this.options.map((text, number) => ({ text, votes: chosen.filter((option) => option === number).length }));
  }

  /** A second vote of the same member replaces the first. */
  vote({ memberId }: Identity, option: number): void {
    if (option >= this.options.length) throw invalid('poll.option_unknown', 'The poll has no such option.');
    this.votes = { ...this.votes, [String(memberId)]: option };
  }
}
