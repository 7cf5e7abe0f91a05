import { randomUUID } from 'node:crypto';
import { isUnavailable } from '../../common/connection-errors.js';
import { DomainError } from '../../common/domain-error.js';
import { parseJson } from '../../common/json.js';
import { resourcePath, type ResourceContext, toResourceView } from '../../modules/resources/index.js';
import { ClientFailures } from '../../realtime/client-failures.js';
import { RawClient } from '../../realtime/raw-client.js';
import type { Wire } from '../../realtime/raw-web-socket.js';
import { Membership, Session } from '../../realtime/session.js';
import { msquaredDialect } from './msquared.dialect.js';
import type { MsquaredDoor } from './msquared.door.js';
import { type Complaint, farewells, frames, NOT_WELCOME } from './msquared.frames.js';
import type { Guest } from './msquared.guests.js';
import { type Message, type Named, readMessage, requestIdOf } from './msquared.messages.js';
import { ResourceWords } from './msquared.words.js';

/** Whoever sends so many in a row that mean nothing does not speak this protocol. */
const MAX_INVALID = 10;

const failures = new ClientFailures('MsquaredConnection', 'message');

/** One client: its messages, and what it follows (docs/dialects/msquared.md). */
export class MsquaredConnection extends RawClient {
  protected readonly session: Session;
  private readonly context: ResourceContext;
  private invalidInARow = 0;

  constructor(
    wire: Wire,
    { member, expiresAt, context }: Guest,
    protected readonly door: MsquaredDoor,
  ) {
    super(wire, farewells, failures);
    this.context = context;
    this.session = new Session(randomUUID(), member, msquaredDialect, this.connection);
    door.sessions.add(this.session);
    door.heartbeat.watch(wire.socket);
    this.expiry.watch(expiresAt);
  }

  protected take(text: string, isBinary: boolean): void {
    this.addPatiently(() => this.serve(isBinary ? undefined : parseJson(text)));
  }

  private async serve(sent: unknown): Promise<void> {
    if (this.session.closed) return;
    const message = readMessage(sent);
    const requestId = requestIdOf(sent);
    if (!message) return this.complainOfForm(requestId);
    this.invalidInARow = 0;
    if (message.action === 'unsubscribe') return this.unsubscribe(message.resource);
    await this.subscribe(message, requestId);
  }

  private complainOfForm(requestId: string | null): void {
    this.session.send(frames.error('Invalid message format', requestId));
    this.invalidInARow += 1;
    if (this.invalidInARow >= MAX_INVALID) this.leave(NOT_WELCOME);
  }

  private unsubscribe(resource: Named): void {
    const membership = this.session.memberships.get(labelOf(resource));
    if (membership) this.door.sessions.leave(membership);
  }

  private async subscribe(message: Message, requestId: string | null): Promise<void> {
    const { session, door } = this;
    const refusal =
      (await door.limits.socketRequest(session.identity)) > 0 ? 'Rate limit exceeded' : this.check(message);
    if (session.closed) return;
    const complaint = refusal ?? (await this.follow(message, requestId));
    if (complaint && !session.closed) session.send(frames.error(complaint, requestId));
  }

  private check({ resource, target }: Message): Complaint | null {
    if (target.inProject && this.context.project === null) return 'Missing project';
    const { memberships } = this.session;
    const full = !memberships.has(labelOf(resource)) && memberships.size >= this.door.settings.maxRoomsPerSession;
    return full ? 'Too many subscriptions' : null;
  }

  /**
   * Answers with the document, and enters its room where the document stood: everything after it will arrive. Whoever is in
   * there already leaves first, so that nothing older than the answer follows it.
   */
  private async follow(message: Message, requestId: string | null): Promise<Complaint | null> {
    const { session, door } = this;
    const { resource: named, target } = message;
    this.unsubscribe(named);
    const address = target.addressFor(this.context, session.identity.memberId);
    try {
      const { resource, at } = await door.resources.read(session.identity, address);
      const words = new ResourceWords(String(session.identity.memberId), named, () => this.answerAnew(message));
      const membership = new Membership(session, resourcePath(address), labelOf(named), words);
      const start = session.closed ? null : await door.joiner.approach(membership, at);
      // The log was lost meanwhile, or has moved on too far: what was read is no beginning.
      if (start?.resync) return await this.follow(message, requestId);
      const answer = resource
        ? frames.answered(words.document(toResourceView(resource)), requestId)
        : frames.notFound(named, requestId);
      const joined = (): void => session.send(answer);
      const entered = start !== null && (await door.joiner.enter(membership, start, { joined }));
      return entered ? null : 'Forbidden';
    } catch (error) {
      if (error instanceof DomainError && !isUnavailable(error)) return 'Forbidden';
      throw error;
    }
  }

  /** The log has lost what came next, so the client is told what there is now. */
  private answerAnew(message: Message): void {
    this.addPatiently(async () => {
      if (!this.session.closed) await this.follow(message, null);
    });
  }
}

function labelOf({ type, id }: Named): string {
  return `${type}:${id}`;
}
