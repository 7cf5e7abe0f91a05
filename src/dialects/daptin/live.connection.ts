import { randomUUID } from 'node:crypto';
import type { Authentication } from '../../auth/authenticator.js';
import type { MemberIdentity } from '../../auth/identity.js';
import { DomainError } from '../../common/domain-error.js';
import { ClientFailures } from '../../realtime/client-failures.js';
import { RawClient } from '../../realtime/raw-client.js';
import type { Farewell, Wire } from '../../realtime/raw-web-socket.js';
import { Session } from '../../realtime/session.js';
import { daptinDialect } from './daptin.dialect.js';
import { type Allowed, LiveAllowance } from './live.allowance.js';
import type { LiveDoor } from './live.door.js';
import { farewells, frames } from './live.frames.js';
import { LiveMethods } from './live.methods.js';
import { LiveRefusal, refusals } from './live.refusal.js';
import { type BadRequest, type LiveRequest, readRequest } from './live.requests.js';

const MAX_MALFORMED = 10;

const failures = new ClientFailures('LiveConnection', 'request');

/** One client on `/live`: what it asks for, and how much of it (docs/dialects/daptin.md). */
export class LiveConnection extends RawClient {
  protected readonly session: Session;
  private readonly allowance = new LiveAllowance();
  private readonly methods: LiveMethods;
  private malformed = 0;
  /** Has been refused so often that nothing more is taken from it. */
  private tooMany = false;

  constructor(
    wire: Wire,
    member: MemberIdentity,
    { expiresAt }: Pick<Authentication, 'expiresAt'>,
    protected readonly door: LiveDoor,
  ) {
    super(wire, farewells, failures);
    this.session = new Session(randomUUID(), member, daptinDialect, this.connection);
    this.methods = new LiveMethods({ session: this.session, failed: (error) => this.comeBackLater(error) }, door);
    door.sessions.add(this.session);
    door.heartbeat.watch(wire.socket);
    this.expiry.watch(expiresAt);
  }

  protected take(text: string): void {
    if (this.session.closed || this.tooMany) return;
    const request = readRequest(text);
    const allowed = this.door.settings.rateLimits === 'off' ? 'served' : this.allowance.take();
    this.tooMany = allowed === 'too_many';
    this.add(() => this.answer(request, allowed));
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
      else throw error;
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
}
