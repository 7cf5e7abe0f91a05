import type { Duplex } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { isUnavailable } from '../../common/connection-errors.js';
import { DomainError } from '../../common/domain-error.js';
import { parseJson } from '../../common/json.js';
import { SparseLog } from '../../common/logging/sparse-log.js';
import { resourcePath, type ResourceContext, toResourceView } from '../../modules/resources/index.js';
import { sendAway } from '../../realtime/drain.js';
import { RawConnection } from '../../realtime/raw-web-socket.js';
import { SerialTasks } from '../../realtime/serial-tasks.js';
import { Membership, Session } from '../../realtime/session.js';
import { TokenExpiry } from '../../realtime/token-expiry.js';
import { msquaredDialect } from './msquared.dialect.js';
import type { MsquaredDoor } from './msquared.door.js';
import { type Complaint, farewells, frames, NOT_WELCOME } from './msquared.frames.js';
import type { Guest } from './msquared.guests.js';
import { type Message, type Named, readMessage, requestIdOf } from './msquared.messages.js';
import { ResourceWords } from './msquared.words.js';

/** Messages of one client that may wait for their turn; a client beyond that is cut off. */
const MAX_WAITING = 5_000;
/** Whoever sends so many in a row that mean nothing does not speak this protocol. */
const MAX_INVALID = 10;

const logger = new Logger('MsquaredConnection');
const unserved = new SparseLog(logger);

/** One client: its subscriptions, and its messages, one after another (docs/dialects/msquared.md). */
export class MsquaredConnection {
  private readonly tasks = new SerialTasks(MAX_WAITING);
  private readonly connection: RawConnection;
  private readonly expiry = new TokenExpiry(() => this.leave());
  private readonly session: Session;
  private readonly context: ResourceContext;
  private invalidInARow = 0;

  constructor(
    socket: WebSocket,
    stream: Duplex,
    { member, expiresAt, context }: Guest,
    private readonly door: MsquaredDoor,
  ) {
    this.context = context;
    this.connection = new RawConnection(socket, stream, farewells);
    this.session = new Session(randomUUID(), member, msquaredDialect, this.connection);
    door.sessions.add(this.session);
    door.heartbeat.watch(socket);
    socket.on('message', (data, isBinary) => this.take(isBinary ? null : (data as Buffer).toString()));
    socket.on('close', () => this.gone());
    // Frames that are too long or malformed: the WebSocket closes itself with the code for it.
    socket.on('error', () => undefined);
    this.expiry.watch(expiresAt);
  }

  private take(text: string | null): void {
    if (!this.tasks.add(() => this.attempt(() => this.serve(text)))) sendAway(this.session, 'too_slow');
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      if (!this.session.closed) await this.door.outages.outlast(work);
    } catch (error) {
      this.comeBackLater(error);
    }
  }

  private async serve(text: string | null): Promise<void> {
    const sent = text === null ? undefined : parseJson(text);
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
    if (this.invalidInARow >= MAX_INVALID) this.leave();
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
    this.tasks.add(() => this.attempt(async () => void (await this.follow(message, null))));
  }

  private leave(): void {
    this.session.closed = true;
    this.session.queue.close();
    this.connection.leave(NOT_WELCOME);
  }

  /** The database does not come back, or something broke: the client asks again for all of it. */
  private comeBackLater(error: unknown): void {
    if (isUnavailable(error)) unserved.warn('Messages could not be served', error);
    else logger.error(error, 'A message failed');
    sendAway(this.session, 'unavailable');
  }

  private gone(): void {
    this.expiry.stop();
    this.door.sessions.remove(this.session);
  }
}

function labelOf({ type, id }: Named): string {
  return `${type}:${id}`;
}
