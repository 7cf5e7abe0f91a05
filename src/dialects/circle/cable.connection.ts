import type { Duplex } from 'node:stream';
import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { TokenExpiredError, JsonWebTokenError } from '@nestjs/jwt';
import type { WebSocket } from 'ws';
import type { MemberIdentity } from '../../auth/identity.js';
import { isUnavailable } from '../../common/connection-errors.js';
import { SparseLog } from '../../common/logging/sparse-log.js';
import { sendAway } from '../../realtime/drain.js';
import type { DropReason } from '../../realtime/outgoing-queue.js';
import { RawConnection } from '../../realtime/raw-web-socket.js';
import { SerialTasks } from '../../realtime/serial-tasks.js';
import { Session } from '../../realtime/session.js';
import { TokenExpiry } from '../../realtime/token-expiry.js';
import type { CableDoor } from './cable.door.js';
import { type Command, type HistoryRequest, readCommand } from './cable.commands.js';
import { type DisconnectReason, farewell, farewells, frames } from './cable.frames.js';
import type { Handshake } from './cable.handshake.js';
import { CableSubscription } from './cable.subscription.js';
import { circleDialect } from './circle.dialect.js';

/** Commands of one client that may wait for their turn; a client beyond that is cut off. */
const MAX_WAITING = 5_000;
/** How long a restored subscription waits to be told where the client stands. */
const HISTORY_PATIENCE_MS = 3_000;
/** 21 characters that a URL takes as they are. */
const newSid = (): string => randomBytes(16).toString('base64url').slice(0, 21);

const logger = new Logger('CableConnection');
const unserved = new SparseLog(logger);

/** One ActionCable client: who it is, and its commands, one after another (docs/dialects/actioncable.md). */
export class CableConnection {
  private readonly sid = newSid();
  private readonly tasks = new SerialTasks(MAX_WAITING);
  private readonly connection: RawConnection;
  private readonly expiry = new TokenExpiry(() => this.leave('token_expired'));
  private readonly subscriptions = new Map<string, CableSubscription>();
  private session: Session | null = null;
  /** The server ended it in a way after which it is not to be restored. */
  private ended = false;
  /** The connection that this one restores, for as long as the client has not shown that it knows. */
  private restores: string | null = null;

  /** @param extended whether the client keeps positions and asks for what it missed. */
  constructor(
    socket: WebSocket,
    stream: Duplex,
    handshake: Handshake,
    private readonly extended: boolean,
    private readonly door: CableDoor,
  ) {
    this.connection = new RawConnection(socket, stream, {
      drop: farewells.drop,
      end: () => {
        this.ended = true;
        return farewells.end();
      },
    });
    door.sessions.strangers.add(this);
    // What comes before the welcome waits behind it.
    this.add(() => this.open(handshake));
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.take((data as Buffer).toString());
    });
    socket.on('close', () => this.gone());
    // Frames that are too long or malformed: the WebSocket closes itself with the code for it.
    socket.on('error', () => undefined);
  }

  /** For as long as there is no session that could be sent away. */
  drop(reason: DropReason): void {
    this.connection.drop(reason);
  }

  private take(text: string): void {
    const command = readCommand(text);
    if (command) this.add(() => this.serve(command));
  }

  private add(work: () => Promise<void>): void {
    const taken = this.tasks.add(async () => {
      try {
        await this.door.outages.outlast(work);
      } catch (error) {
        this.comeBackLater(error);
      }
    });
    if (!taken) this.connection.drop('too_slow');
  }

  private async open({ token, sid }: Handshake): Promise<void> {
    if (token === null) return this.leave('unauthorized');
    let member: MemberIdentity | null;
    try {
      const authentication = await this.door.authenticator.byToken(token);
      member = authentication.member;
      if (member) this.expiry.watch(authentication.expiresAt);
    } catch (error) {
      if (!(error instanceof JsonWebTokenError)) throw error;
      return this.leave(error instanceof TokenExpiredError ? 'token_expired' : 'unauthorized');
    }
    if (!member) return this.leave('unauthorized');
    if (this.connection.closed) return this.expiry.stop();
    this.door.sessions.strangers.delete(this);
    const session = (this.session = new Session(this.sid, member, circleDialect, this.connection));
    this.door.sessions.add(session);
    const identifiers = this.extended && sid !== null ? this.door.restore.find(sid, member.memberId) : null;
    if (identifiers) this.restores = sid;
    const restored = identifiers && (await this.restore(identifiers));
    session.send(frames.welcome(this.sid, restored));
    this.door.heartbeat.add(session);
  }

  /** Those that are still theirs; each waits for the client to say where it stands. */
  private async restore(identifiers: string[]): Promise<string[]> {
    const approached = await Promise.all(identifiers.map((identifier) => this.approach(identifier, null)));
    const restored = approached.filter((subscription) => subscription !== null);
    const late = (): void => restored.forEach((one) => this.add(() => one.enterUnasked()));
    setTimeout(late, HISTORY_PATIENCE_MS).unref();
    return restored.map(({ identifier }) => identifier);
  }

  private serve(command: Command): Promise<void> {
    const { identifier, history } = command;
    this.forgetRestored();
    switch (command.command) {
      case 'subscribe':
        return this.subscribe(identifier, (this.extended && history) || null);
      case 'unsubscribe':
        this.forget(identifier);
        return Promise.resolve();
      case 'history':
        return this.sendHistory(identifier, history ?? null);
    }
  }

  /** Asking again for what is there already is answered with silence: clients do so while they wait. */
  private async subscribe(identifier: string, history: HistoryRequest | null): Promise<void> {
    const { session } = this;
    if (!session || session.closed || this.subscriptions.get(identifier)?.live) return;
    this.forget(identifier);
    const wait = await this.door.limits.socketRequest(session.identity);
    const full = this.subscriptions.size >= this.door.settings.maxRoomsPerSession;
    const subscription = wait > 0 || full ? null : await this.approach(identifier, history);
    if (session.closed) return;
    if (!subscription) return session.send(frames.reject(identifier));
    await subscription.enter(history, true);
  }

  private async approach(identifier: string, history: HistoryRequest | null): Promise<CableSubscription | null> {
    const session = this.session!;
    const epoch = this.extended ? await this.door.log.epoch() : null;
    const listener = { identifier, memberId: session.identity.memberId, epoch };
    const channel = await this.door.channels.find(session.identity, listener);
    if (!channel) return null;
    const subscription = new CableSubscription(identifier, session, channel, this.door, (error) =>
      this.comeBackLater(error),
    );
    this.subscriptions.set(identifier, subscription);
    const open = await subscription.approach(history);
    if (!open || session.closed) this.forget(identifier);
    return open ? subscription : null;
  }

  private async sendHistory(identifier: string, history: HistoryRequest | null): Promise<void> {
    const subscription = this.subscriptions.get(identifier);
    if (this.extended && history && subscription?.live) await subscription.history(history);
  }

  private forget(identifier: string): void {
    this.subscriptions.get(identifier)?.close();
    this.subscriptions.delete(identifier);
  }

  private forgetRestored(): void {
    if (this.restores !== null) this.door.restore.forget(this.restores);
    this.restores = null;
  }

  private leave(reason: DisconnectReason): void {
    this.ended = true;
    if (this.session) this.session.closed = true;
    this.session?.queue.close();
    this.connection.leave(farewell(reason));
  }

  /** The database does not come back, or something broke: the client has lost nothing that it could not ask for again. */
  private comeBackLater(error: unknown): void {
    if (isUnavailable(error)) unserved.warn('Commands could not be served', error);
    else logger.error(error, 'A command failed');
    if (this.session) sendAway(this.session, 'unavailable');
    else this.drop('unavailable');
  }

  private gone(): void {
    const { door, session } = this;
    this.expiry.stop();
    door.sessions.strangers.delete(this);
    if (!session) return;
    if (this.ended) this.forgetRestored();
    const live = [...this.subscriptions.values()].filter((subscription) => subscription.live);
    if (this.extended && !this.ended) {
      const identifiers = live.map(({ identifier }) => identifier);
      door.restore.remember(this.sid, session.identity.memberId, identifiers);
    }
    door.heartbeat.remove(session);
    door.sessions.remove(session);
  }
}
