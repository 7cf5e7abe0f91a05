import type { Outages } from '../database/outages.js';
import type { ClientFailures } from './client-failures.js';
import { sendAway } from './drain.js';
import type { DropReason } from './outgoing-queue.js';
import { type Farewell, type Farewells, RawConnection, type Wire } from './raw-web-socket.js';
import { SerialTasks } from './serial-tasks.js';
import type { Session } from './session.js';
import type { SessionRegistry } from './session-registry.js';
import { TokenExpiry } from './token-expiry.js';

/** Frames of one client that may wait for their turn; a client beyond that is cut off. */
const MAX_WAITING = 5_000;

/** What all clients of a door share. */
export interface RawDoor {
  readonly sessions: SessionRegistry;
  readonly outages: Outages;
}

/**
 * One client on a plain WebSocket: what it sends is served in order, one after another, and it hears why its connection
 * ends. A protocol adds what it understands and says.
 */
export abstract class RawClient {
  protected abstract readonly door: RawDoor;
  /** Null for as long as nobody knows who it is. */
  protected abstract readonly session: Session | null;
  protected readonly connection: RawConnection;
  protected readonly expiry = new TokenExpiry(() => this.leave(this.farewells.expired()));
  private readonly tasks = new SerialTasks(MAX_WAITING);

  constructor(
    wire: Wire,
    private readonly farewells: Farewells,
    private readonly failures: ClientFailures,
  ) {
    const { socket } = wire;
    this.connection = new RawConnection(wire, farewells);
    socket.on('message', (data, isBinary) => this.take((data as Buffer).toString(), isBinary));
    socket.on('close', () => this.gone());
    // Frames that are too long or malformed: the WebSocket closes itself with the code for it.
    socket.on('error', () => undefined);
  }

  /** Ends the connection in a way after which the client may come back. */
  drop(reason: DropReason): void {
    if (this.session) sendAway(this.session, reason);
    else this.connection.drop(reason);
  }

  /** A frame has come. */
  protected abstract take(text: string, isBinary: boolean): void;

  /** Does it once everything before it is done. */
  protected add(work: () => Promise<void> | void): void {
    if (!this.tasks.add(() => this.attempt(work))) this.drop('too_slow');
  }

  /** The same for what may be done again: an outage is waited for. */
  protected addPatiently(work: () => Promise<void>): void {
    this.add(() => this.door.outages.outlast(work));
  }

  /** Ends the connection for good; what still waits for the client is dropped. */
  protected leave(farewell: Farewell): void {
    if (this.session) this.session.closed = true;
    this.session?.queue.close();
    this.connection.leave(farewell);
  }

  /** The database does not come back, or something broke: the client comes back and asks again. */
  protected comeBackLater(error: unknown): void {
    this.failures.log(error);
    this.drop('unavailable');
  }

  /** The connection is closed. */
  protected gone(): void {
    this.expiry.stop();
    if (this.session) this.door.sessions.remove(this.session);
  }

  private async attempt(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.comeBackLater(error);
    }
  }
}
