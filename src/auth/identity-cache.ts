import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from './identity.js';
import { MemberDirectory } from './identity-directory.js';

/** However the news of a change gets lost, nobody is served by what was known longer ago than this. */
const TRUSTED_MS = 1_000;
/** Beyond this age the question whether anything has changed is asked again, while the answer of before still serves. */
const ASKED_AGAIN_MS = 500;
const MAX_AGE_MS = 60_000;
const MAX_ENTRIES = 10_000;

interface Entry {
  identity: Promise<MemberIdentity | null>;
  /** The answer, once it is there. */
  found?: MemberIdentity;
  until: number;
  /** Access changed since the question was asked: the answer may be the one of before. */
  forgotten: boolean;
}

/**
 * Remembers who a member is, so that a busy member is not looked up for every request. Changes of access make it forget
 * at once; and because their news may get lost, it asks every second whether it has missed any, once for all members.
 * Sessions never ask here, they ask the directory.
 */
@Injectable()
export class IdentityCache {
  private readonly entries = new Map<number, Entry>();

  private knownAt = -Infinity;
  private asking: Promise<void> | null = null;
  private askForChanges: () => Promise<void> = async () => this.forget();

  constructor(private readonly members: MemberDirectory) {}

  /** `ask` looks for changes of access that committed before the call, and makes this forget whom they concern. */
  heedChanges(ask: () => Promise<void>): void {
    this.askForChanges = ask;
  }

  async findMember(id: number): Promise<MemberIdentity | null> {
    for (;;) {
      const age = performance.now() - this.knownAt;
      if (age > TRUSTED_MS) await this.ask();
      else if (age > ASKED_AGAIN_MS) this.ask().catch(() => undefined);
      const entry = this.entry(id);
      const found = await entry.identity;
      // Whoever waited across a change must not begin a session that the change has already looked for.
      if (!entry.forgotten) return found;
    }
  }

  /** As `findMember`, without waiting, which costs more than the answer; undefined where there is something to wait for. */
  recall(id: number): MemberIdentity | undefined {
    const now = performance.now();
    if (now - this.knownAt > ASKED_AGAIN_MS) return undefined;
    const entry = this.entries.get(id);
    return entry && entry.until > now ? entry.found : undefined;
  }

  /** These members, or all of them, have to be looked up again. */
  forget(memberIds?: number[]): void {
    for (const id of memberIds ?? [...this.entries.keys()]) {
      const entry = this.entries.get(id);
      if (!entry) continue;
      entry.forgotten = true;
      this.entries.delete(id);
    }
  }

  private ask(): Promise<void> {
    const start = performance.now();
    this.asking ??= this.askForChanges()
      .then(() => void (this.knownAt = start))
      .finally(() => (this.asking = null));
    return this.asking;
  }

  private entry(id: number): Entry {
    const now = performance.now();
    const known = this.entries.get(id);
    if (known && known.until > now) return known;
    // Those under way must stay known, or a change could not reach them.
    if (this.entries.size >= MAX_ENTRIES) this.forget();
    const identity = this.members.findMember(id);
    const entry: Entry = { identity, until: now + MAX_AGE_MS, forgotten: false };
    this.entries.set(id, entry);
    identity.then(
      (found) => {
        if (found) entry.found = found;
        // Somebody unknown now may be known in a moment.
        else this.drop(id, entry);
      },
      () => this.drop(id, entry),
    );
    return entry;
  }

  private drop(id: number, entry: Entry): void {
    if (this.entries.get(id) === entry) this.entries.delete(id);
  }
}
