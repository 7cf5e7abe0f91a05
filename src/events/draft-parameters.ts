import { arrayLiteral, jsonList, jsonTextList } from '../database/array-literal.js';
import type { Parameter } from '../database/lone-statement.js';
import type { EventDraft } from './domain-event.js';

export type Cause = NonNullable<EventDraft['cause']>;

/** The resource of a draft as the statement takes it. */
export interface ResourceText {
  text: string | null;
  /** It has room for its number and time (`EventDraft.numbered`), and they are not in the text yet. */
  open: boolean;
}

/** What one statement writes; the lists have one entry for each draft. */
export interface Writing {
  drafts: EventDraft[];
  /** Who and what caused it. */
  causes: Cause[];
  texts: ResourceText[];
  /** How many drafts of the same stream come after it. */
  behind: number[];
  createdAt: string;
  /** By stream, the rules that it must still have; absent where nobody asks. */
  rules: ReadonlyMap<string, number> | undefined;
}

/** One draft as the statement takes it, in the order in which `appendStatement` numbers the parameters. */
export function oneDraft({ drafts, causes, texts, createdAt, rules }: Writing): Parameter[] {
  const draft = drafts[0]!;
  const { author, requestId } = causes[0]!;
  return [
    draft.stream,
    draft.action,
    createdAt,
    draft.type,
    draft.path,
    draft.room,
    texts[0]!.text,
    author && JSON.stringify(author),
    requestId,
    draft.numbered ?? false,
    draft.concerns && JSON.stringify(draft.concerns),
    draft.version ?? 1,
    rules ? rules.get(draft.stream) : draft.keepsRules ? 0 : 1,
  ];
}

/** Any number of drafts: an array for each column, and three for the streams in the order of their names. */
export function manyDrafts({ drafts, causes, texts, behind, createdAt, rules }: Writing): Parameter[] {
  const added = new Map<string, number>();
  /** By stream: which of its drafts, from 1 on, is the last that changes its rules; 0: none. */
  const renewed = new Map<string, number>();
  for (const { stream, keepsRules = false } of drafts) {
    const place = (added.get(stream) ?? 0) + 1;
    added.set(stream, place);
    renewed.set(stream, keepsRules ? (renewed.get(stream) ?? 0) : place);
  }
  const names = [...added.keys()].sort();
  return [
    arrayLiteral(names),
    arrayLiteral(names.map((name) => added.get(name))),
    createdAt,
    arrayLiteral(drafts.map(({ stream }) => stream)),
    arrayLiteral(behind),
    arrayLiteral(drafts.map(({ action }) => action)),
    arrayLiteral(drafts.map(({ type }) => type)),
    arrayLiteral(drafts.map(({ path }) => path)),
    arrayLiteral(drafts.map(({ room }) => room)),
    jsonTextList(texts.map(({ text }) => text)),
    jsonList(causes.map(({ author }) => author)),
    arrayLiteral(causes.map(({ requestId }) => requestId)),
    arrayLiteral(drafts.map(({ numbered = false }) => numbered)),
    jsonList(drafts.map(({ concerns }) => concerns)),
    arrayLiteral(drafts.map(({ version = 1 }) => version)),
    arrayLiteral(names.map((name) => (rules ?? renewed).get(name))),
  ];
}

/** For each draft, how many drafts of the same stream come after it. */
export function countBehind(drafts: EventDraft[]): number[] {
  if (drafts.length === 1) return [0];
  const after = new Map<string, number>();
  const counts = new Array<number>(drafts.length);
  for (let index = drafts.length - 1; index >= 0; index--) {
    const { stream } = drafts[index]!;
    const count = after.get(stream) ?? 0;
    counts[index] = count;
    after.set(stream, count + 1);
  }
  return counts;
}
