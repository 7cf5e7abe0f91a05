import { z } from 'zod';
import { parseJson } from '../../common/json.js';

const position = z.object({ epoch: z.string(), offset: z.int().nonnegative() });

/** What a client missed: from the positions it knows, and for the other streams from a time on, in seconds since 1970. */
const history = z.object({
  since: z.number().nonnegative().max(1e11).nullish(),
  streams: z.record(z.string(), position).nullish(),
});

/** A frame of a client. */
export const command = z.object({
  command: z.enum(['subscribe', 'unsubscribe', 'history']),
  identifier: z.string(),
  history: history.nullish().catch(null),
});

export type HistoryRequest = z.infer<typeof history>;
export type Command = z.infer<typeof command>;

const identifierContent = z.looseObject({ channel: z.string() });

/** The command of a client frame; null for anything that is none of ours: it is left alone. */
export function readCommand(text: string): Command | null {
  return command.safeParse(parseJson(text)).data ?? null;
}

/** A channel's name and parameters, from the text that names a subscription; null when it holds none. */
export function readIdentifier(text: string): z.infer<typeof identifierContent> | null {
  return identifierContent.safeParse(parseJson(text)).data ?? null;
}
