import { Logger } from '@nestjs/common';
import { JsonWebTokenError, NotBeforeError, TokenExpiredError } from '@nestjs/jwt';
import type { Socket } from 'socket.io';
import type { Authenticator } from '../../auth/authenticator.js';
import type { MemberIdentity } from '../../auth/identity.js';
import { isUnavailable } from '../../common/connection-errors.js';
import { SparseLog } from '../../common/logging/sparse-log.js';
import type { Outages } from '../../database/outages.js';
import { sendAway } from '../../realtime/drain.js';
import type { DropReason } from '../../realtime/outgoing-queue.js';
import { SerialTasks } from '../../realtime/serial-tasks.js';
import { Session } from '../../realtime/session.js';
import type { SessionRegistry } from '../../realtime/session-registry.js';
import { TokenExpiry } from '../../realtime/token-expiry.js';
import { acknowledgementsTaken, EngineConnection } from './engine-connection.js';
import { packet, twakeDialect } from './twake.dialect.js';
import type { TwakePresence } from './twake.presence.js';
import { requests } from './twake.requests.js';
import type { Reply, TwakeRooms } from './twake.rooms.js';

/** What all connections share. */
export interface TwakeDoor {
  authenticator: Authenticator;
  sessions: SessionRegistry;
  rooms: TwakeRooms;
  presence: TwakePresence;
  outages: Outages;
  /** Whether a session ends with the token that it was opened with. */
  endsWithToken: boolean;
}

/** Requests of one client that may wait for their turn; a client beyond that is cut off. */
const MAX_WAITING = 20_000;

const logger = new Logger('TwakeConnection');
const unserved = new SparseLog(logger);

/** One Socket.IO client: authenticates it and takes its requests one after another (docs/dialects/socket-io.md). */
export class TwakeConnection {
  private readonly tasks = new SerialTasks(MAX_WAITING);
  private expiry: TokenExpiry | null = null;
  private session: Session | null = null;

  constructor(
    private readonly socket: Socket,
    private readonly door: TwakeDoor,
  ) {
    door.sessions.strangers.add(this);
    // One listener for all of them, because there may be very many connections.
    socket.onAny((event: string, ...args: unknown[]) => this.take(event, args));
    socket.on('disconnect', () => this.leave());
  }

  /** For as long as there is no session that could be sent away. */
  drop(reason: DropReason): void {
    new EngineConnection(this.socket).drop(reason);
  }

  private take(event: string, args: unknown[]): void {
    if (!Object.hasOwn(requests, event)) return;
    const taken = this.tasks.add(async () => {
      if (!this.socket.connected) return;
      try {
        await this.serve(event, args);
      } catch (error) {
        if (isUnavailable(error)) this.comeBackLater(error);
        else logger.error(error, `A "${event}" request failed`);
      }
    });
    if (!taken) this.socket.conn.close(true);
  }

  private serve(event: string, args: unknown[]): Promise<void> | void {
    const { rooms, presence } = this.door;
    const payload = args[0];
    const reply: Reply = (answer, about) => this.reply(answer, about);
    switch (event) {
      case 'authenticate':
        return this.patiently(() => this.authenticate(payload));
      case 'realtime:join':
        return this.patiently(() => rooms.join(reply, this.session, payload));
      case 'realtime:leave':
        return rooms.leave(reply, this.session, payload);
      case 'realtime:event':
        return rooms.event(reply, this.session, payload);
      case 'online:get':
        return this.acknowledge(args, () => presence.get(this.session, payload));
      case 'online:set':
        return this.acknowledge(args, () => presence.set(this.session));
    }
  }

  /** A client that comes back in the middle of an outage waits here for its end. */
  private patiently(work: () => Promise<void>): Promise<void> {
    return this.door.outages.outlast(async () => {
      if (this.socket.connected) await work();
    });
  }

  /** The outage lasts. Below Socket.IO, so that stock clients do come back. */
  private comeBackLater(error: unknown): void {
    unserved.warn('Socket requests could not be served', error);
    if (this.session) sendAway(this.session, 'unavailable');
    else this.drop('unavailable');
  }

  /** Without somebody who wants the answer there is nothing to do. */
  private async acknowledge(args: unknown[], answer: () => Promise<object | undefined>): Promise<void> {
    const done = args.at(-1);
    if (typeof done !== 'function') return;
    await acknowledgementsTaken(this.socket);
    const payload = await answer();
    (done as (...answers: object[]) => void)(...(payload ? [payload] : []));
  }

  /** Before there is a session nothing else is on its way, so the order holds either way. */
  private reply(event: string, payload?: unknown): void {
    if (this.session) this.session.send(packet(event, payload));
    else if (payload === undefined) this.socket.emit(event);
    else this.socket.emit(event, payload);
  }

  private async authenticate(payload: unknown): Promise<void> {
    const token = (payload as { token?: unknown } | null | undefined)?.token;
    if (!token) return this.refuse('No token provided');
    try {
      const { member, expiresAt } = await this.door.authenticator.byToken(token as string);
      if (!this.socket.connected) return;
      this.enter(member);
      this.reply('authenticated');
      if (this.door.endsWithToken) this.watchExpiry(expiresAt);
    } catch (error) {
      if (error instanceof JsonWebTokenError) return this.refuse(describe(error));
      if (isUnavailable(error)) throw error;
      logger.error(error, 'Authentication failed');
      this.refuse({ name: 'InternalError', message: 'Authentication is not possible right now' });
    }
  }

  private watchExpiry(expiresAt: number | null): void {
    this.expiry ??= new TokenExpiry((at) => this.refuse(describe(new TokenExpiredError('jwt expired', at))));
    this.expiry.watch(expiresAt);
  }

  /** The same member again keeps the session with its rooms; without a member behind the token nothing can be joined. */
  private enter(member: MemberIdentity | null): void {
    if (this.session && this.session.identity.memberId === member?.memberId) return;
    this.endSession();
    if (!member) return;
    this.door.sessions.strangers.delete(this);
    this.session = new Session(this.socket.id, member, twakeDialect, new EngineConnection(this.socket));
    this.door.sessions.add(this.session);
  }

  private refuse(err: unknown): void {
    this.endSession();
    this.socket.emit('unauthorized', { err });
    this.socket.disconnect(true);
  }

  private endSession(): void {
    this.expiry?.stop();
    if (!this.session) return;
    this.door.sessions.remove(this.session);
    this.door.sessions.strangers.add(this);
    this.session = null;
  }

  private leave(): void {
    this.endSession();
    this.door.sessions.strangers.delete(this);
  }
}

/** The verifier's error as an object (docs/dialects/socket-io.md). */
function describe(error: JsonWebTokenError): object {
  const { name, message } = error;
  if (error instanceof TokenExpiredError) return { name, message, expiredAt: error.expiredAt };
  return error instanceof NotBeforeError ? { name, message, date: error.date } : { name, message };
}
