import type { PGlite } from '@electric-sql/pglite';

const SYNC = 'S'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);
const SYNC_MESSAGE = Uint8Array.of(SYNC, 0, 0, 0, 4);

/** Someone who sends protocol messages to the backend; connections are told apart by identity. */
export type BackendClient = object;

/**
 * Lends PGlite, which is one single session, to one connection at a time: from the first message of a query or
 * transaction until the session is idle again. Lending it message by message would bind the parameters of one
 * connection to the statement of another. What belongs to a session (settings, advisory locks, named statements) is
 * common to all connections, so nothing of ours may name a statement.
 */
export class PgliteBackend {
  private owner: BackendClient | null = null;
  private readonly waiting: { client: BackendClient; resume: () => void }[] = [];
  private readonly abandoned = new WeakSet<BackendClient>();

  constructor(private readonly database: PGlite) {}

  /** Runs complete messages of one connection, handing its replies on as they come. */
  async execute(
    client: BackendClient,
    messages: Uint8Array,
    lastType: number,
    reply: (part: Uint8Array) => void,
  ): Promise<void> {
    await this.lendTo(client);
    try {
      await this.send(messages, reply);
    } catch (error) {
      await this.reset(client);
      throw error;
    }
    const complete = lastType === SYNC || lastType === QUERY;
    if (this.abandoned.has(client)) await this.reset(client);
    else if (complete && !this.database.isInTransaction()) this.passOn();
  }

  /** A connection went away: what it left half done is taken back before anybody else is served. */
  async abandon(client: BackendClient): Promise<void> {
    this.abandoned.add(client);
    const place = this.waiting.findIndex((entry) => entry.client === client);
    if (place >= 0) this.waiting.splice(place, 1);
    if (this.owner === client) await this.reset(client);
  }

  private async lendTo(client: BackendClient): Promise<void> {
    if (this.owner === null) this.owner = client;
    if (this.owner === client) return;
    await new Promise<void>((resume) => this.waiting.push({ client, resume }));
  }

  private passOn(): void {
    const next = this.waiting.shift();
    this.owner = next?.client ?? null;
    next?.resume();
  }

  private async reset(client: BackendClient): Promise<void> {
    if (this.owner !== client) return;
    const ignore = (): void => undefined;
    await this.send(SYNC_MESSAGE, ignore).catch(ignore);
    if (this.database.isInTransaction()) await this.database.exec('ROLLBACK').catch(ignore);
    if (this.owner === client) this.passOn();
  }

  private async send(messages: Uint8Array, reply: (part: Uint8Array) => void): Promise<void> {
    await this.database.runExclusive(() => this.database.execProtocolRawStream(messages, { onRawData: reply }));
  }
}
