import { z } from 'zod';
import { trimmedText } from '../../src/common/text.js';

const example = { question: 'Tea or coffee?', options: ['Tea', 'Coffee'] };

export const askSchema = z
  .strictObject({ question: trimmedText(1, 500), options: z.array(trimmedText(1, 100)).min(2).max(20) })
  .meta({ id: 'AskPoll', example });

export const voteSchema = z.strictObject({ option: z.int().min(0) }).meta({ id: 'VoteInPoll', example: { option: 0 } });

export const pollSchema = z
  .strictObject({
    id: z.int(),
    author_id: z.int(),
    question: z.string(),
    results: z.array(z.strictObject({ text: z.string(), votes: z.int() })),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Poll' });

export type Vote = z.infer<typeof voteSchema>;
