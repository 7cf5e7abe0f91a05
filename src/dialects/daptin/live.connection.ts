import type { Duplex } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { WebSocket } from 'ws';
import type { Authentication } from '../../auth/authenticator.js';
import type { MemberIdentity } from '../../auth/identity.js';
import { isUnavailable } from '../../common/connection-errors.js';
import { DomainError } from '../../common/domain-error.js';
import { SparseLog } from '../../common/logging/sparse-log.js';
import { sendAway } from '../../realtime/drain.js';
import { type Farewell, RawConnection } from '../../realtime/raw-web-socket.js';
import { SerialTasks } from '../../realtime/serial-tasks.js';
import { Session } from '../../realtime/session.js';
import { TokenExpiry } from '../../realtime/token-expiry.js';
import { daptinDialect } from './daptin.dialect.js';
import { type Allowed, LiveAllowance } from './live.allowance.js';
import type { LiveDoor } from './live.door.js';
import { farewells, frames } from './live.frames.js';
import { LiveMethods } from './live.methods.js';
import { LiveRefusal, refusals } from './live.refusal.js';
import { type BadRequest, type LiveRequest, readRequest } from './live.requests.js';

/** Requests of one client that may wait for their turn; a client beyond that is cut off. */
const MAX_WAITING = 5_000;
const MAX_MALFORMED = 10;

const logger = new Logger('LiveConnection');
const unserved = new SparseLog(logger);

/** One client on `/live`: who it is, and its requests, one after another (docs/dialects/daptin.md). */
export class LiveConnection {
  private readonly tasks = new SerialTasks(MAX_WAITING);
  private readonly allowance = new LiveAllowance();
  private readonly expiry = new TokenExpiry(() => this.leave(farewells.tokenExpired));
  private readonly connection: RawConnection;
  private readonly session: Session;
  private readonly methods: LiveMethods;
  private malformed = 0;
  /** Has been refused so often that nothing more is taken from it. */
  private tooMany = false;

  constructor(
    socket: WebSocket,
    stream: Duplex,
    member: MemberIdentity,
    { expiresAt }: Pick<Authentication, 'expiresAt'>,
    private readonly door: LiveDoor,
  ) {
    this.connection = new RawConnection(socket, stream, farewells);
    this.session = new Session(randomUUID(), member, daptinDialect, this.connection);
    this.methods = new LiveMethods(this.session, door, (error) => this.comeBackLater(error));
    door.sessions.add(this.session);
    door.heartbeat.watch(socket);
    socket.on('message', (data) => this.take((data as Buffer).toString()));
    socket.on('close', () => this.gone());
    // Frames that are too long or malformed: the WebSocket closes itself with the code for it.
    socket.on('error', () => undefined);
    this.expiry.watch(expiresAt);
  }

  private take(text: string): void {
    if (this.session.closed || this.tooMany) return;
    const request = readRequest(text);
    const allowed = this.door.settings.rateLimits === 'off' ? 'served' : this.allowance.take();
    this.tooMany = allowed === 'too_many';
    if (!this.tasks.add(() => this.answer(request, allowed))) this.connection.drop('too_slow');
  }

  private answer(request: LiveRequest | BadRequest, allowed: Allowed): Promise<void> | void {
    if (allowed === 'served') return this.serve(request);
    if (allowed === 'too_many') return this.giveUp(farewells.tooMany);
    this.refuse(request, refusals.rateLimited());
  }

  private async serve(request: LiveRequest | BadRequest): Promise<void> {
    if (this.session.closed) return;
    if ('error' in request) return this.answerBad(request);
    this.malformed = 0;
    try {
      await this.methods.serve(request);
    } catch (error) {
      if (error instanceof LiveRefusal) this.refuse(request, error);
      else if (error instanceof DomainError && !error.retryable) this.refuse(request, new LiveRefusal(error.message));
      else this.comeBackLater(error);
    }
  }

  private refuse({ method, ...request }: LiveRequest | BadRequest, { message }: LiveRefusal): void {
    this.session.send(frames.error(method, message, 'id' in request ? request.id : null));
  }

  private async answerBad({ malformed, method, error }: BadRequest): Promise<void> {
    this.session.send(frames.error(method, error));
    this.malformed = malformed ? this.malformed + 1 : 0;
    if (this.malformed >= MAX_MALFORMED) await this.giveUp(farewells.unreadable);
  }

  /** Once the client has been told why. */
  private async giveUp(farewell: Farewell): Promise<void> {
    await this.session.queue.idle();
    this.leave(farewell);
  }

  private leave(farewell: Farewell): void {
    this.session.closed = true;
    this.session.queue.close();
    this.connection.leave(farewell);
  }

  /** The database does not come back, or something broke: the client comes back and asks again. */
  private comeBackLater(error: unknown): void {
    if (isUnavailable(error)) unserved.warn('Requests could not be served', error);
    else logger.error(error, 'A request failed');
    sendAway(this.session, 'unavailable');
  }

  private gone(): void {
    this.expiry.stop();
    this.door.sessions.remove(this.session);
  }
}
