import { randomBytes } from 'node:crypto';
import { TokenExpiredError, JsonWebTokenError } from '@nestjs/jwt';
import type { MemberIdentity } from '../../auth/identity.js';
import { settleAll } from '../../common/settle-all.js';
import { ClientFailures } from '../../realtime/client-failures.js';
import { RawClient } from '../../realtime/raw-client.js';
import type { Wire } from '../../realtime/raw-web-socket.js';
import { Session } from '../../realtime/session.js';
import type { CableDoor } from './cable.door.js';
import { type Command, type HistoryRequest, readCommand } from './cable.commands.js';
import { type DisconnectReason, farewell, farewells, frames } from './cable.frames.js';
import type { Handshake } from './cable.handshake.js';
import { CableSubscription } from './cable.subscription.js';
import { circleDialect } from './circle.dialect.js';

/** How long a restored subscription waits to be told where the client stands. */
const HISTORY_PATIENCE_MS = 3_000;
/** 21 characters that a URL takes as they are. */
const newSid = (): string => randomBytes(16).toString('base64url').slice(0, 21);

const failures = new ClientFailures('CableConnection', 'command');

/** One ActionCable client: who it is, and its commands (docs/dialects/actioncable.md). */
export class CableConnection extends RawClient {
  protected session: Session | null = null;
  private readonly sid = newSid();
  private readonly subscriptions = new Map<string, CableSubscription>();
  /** The connection that this one restores, for as long as the client has not shown that it knows. */
  private restores: string | null = null;

  /** @param extended whether the client keeps positions and asks for what it missed. */
  constructor(
    wire: Wire,
    handshake: Handshake,
    private readonly extended: boolean,
    protected readonly door: CableDoor,
  ) {
    super(wire, farewells, failures);
    door.sessions.strangers.add(this);
    // What comes before the welcome waits behind it.
    this.addPatiently(() => this.open(handshake));
  }

  protected take(text: string, isBinary: boolean): void {
    const command = isBinary ? null : readCommand(text);
    if (command) this.addPatiently(() => this.serve(command));
  }

  private async open({ token, sid }: Handshake): Promise<void> {
    if (token === null) return this.refuse('unauthorized');
    let member: MemberIdentity | null;
    try {
      const authentication = await this.door.authenticator.byToken(token);
      member = authentication.member;
      if (member) this.expiry.watch(authentication.expiresAt);
    } catch (error) {
      if (!(error instanceof JsonWebTokenError)) throw error;
      return this.refuse(error instanceof TokenExpiredError ? 'token_expired' : 'unauthorized');
    }
    if (!member) return this.refuse('unauthorized');
    if (this.connection.closed) return this.expiry.stop();
    const session = (this.session ??= this.begin(member));
    const identifiers = this.extended && sid !== null ? this.door.restore.find(sid, member.memberId) : null;
    if (identifiers) this.restores = sid;
    const restored = identifiers && (await this.restore(identifiers));
    if (session.closed) return;
    session.send(frames.welcome(this.sid, restored));
    this.door.heartbeat.add(session);
  }

  private begin(member: MemberIdentity): Session {
    const { sessions } = this.door;
    const session = new Session(this.sid, member, circleDialect, this.connection);
    sessions.strangers.delete(this);
    sessions.add(session);
    return session;
  }

  /** Those that are still theirs; each waits for the client to say where it stands. */
  private async restore(identifiers: string[]): Promise<string[]> {
    // What an outage may have cut short.
    identifiers.forEach((identifier) => this.forget(identifier));
    const approached = await settleAll(identifiers.map((identifier) => this.approach(identifier, null)));
    const restored = approached.filter((subscription) => subscription !== null);
    const late = (): void => restored.forEach((one) => this.addPatiently(() => one.enterUnasked()));
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
    const owner = { session, failed: (error: unknown) => this.comeBackLater(error) };
    const subscription = new CableSubscription(identifier, owner, channel, this.door);
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

  private refuse(reason: DisconnectReason): void {
    this.leave(farewell(reason));
  }

  protected override gone(): void {
    const { door, session } = this;
    door.sessions.strangers.delete(this);
    if (session) {
      this.keepForReturn(session);
      door.heartbeat.remove(session);
    }
    super.gone();
  }

  /** What it is subscribed to, unless it is not to come back. */
  private keepForReturn({ identity }: Session): void {
    if (this.connection.ended) return this.forgetRestored();
    if (!this.extended) return;
    const live = [...this.subscriptions.values()].filter((subscription) => subscription.live);
    const identifiers = live.map(({ identifier }) => identifier);
    this.door.restore.remember(this.sid, identity.memberId, identifiers);
  }
}
