import { Logger } from '@nestjs/common';
import { SparseLog } from '../common/logging/sparse-log.js';
import type { DomainEvent } from '../events/domain-event.js';
import type { EventLog } from '../events/event-log.js';
import { MissedDelivery } from './delivery.js';
import { traceDelivery } from './delivery-trace.js';
import type { Membership } from './session.js';
import type { SessionRegistry } from './session-registry.js';

/** Events given to a client at once. */
const PIECE = 100;
const RETRY_MS = 250;

/** Takes a membership from where its client stopped to where its feed stands, without a hole and without a double. */
export class Replay {
  private readonly logger = new Logger(Replay.name);
  private readonly failures = new SparseLog(this.logger);
  private readonly delivery = new MissedDelivery();

  constructor(
    private readonly log: EventLog,
    private readonly sessions: SessionRegistry,
    /** Whether each delivery gets a line in the log. */
    private readonly traced: boolean,
  ) {}

  /** `joined` is called before the first event is sent; when the client is idle, all that is at hand leaves as one write. */
  begin(membership: Membership, missed: DomainEvent[], joined: () => void, caughtUp?: () => void): void {
    const { queue } = membership.session;
    let rest = missed;
    membership.state = 'replaying';
    const sent = queue.together(() => {
      joined();
      rest = this.deliverPiece(membership, missed);
    });
    if (!sent) joined();
    void this.goOn(membership, rest).then(() => membership.left || caughtUp?.());
  }

  /** From the turn in which the membership stands where its feed stands it is live. A slow client sets the pace. */
  private async goOn(membership: Membership, missed: DomainEvent[]): Promise<void> {
    let page = missed;
    while (membership.state === 'replaying') {
      const feed = membership.feed!;
      if (membership.seq >= feed.head) {
        membership.state = 'live';
        return;
      }
      try {
        if (page.length === 0) page = await this.nextPage(membership);
        await membership.session.queue.idle();
        if (membership.left) return;
        page = this.deliverPiece(membership, page);
      } catch (error) {
        this.failures.warn('Replays failed and will be repeated', error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  /** Sends the beginning of the page and gives the rest. */
  private deliverPiece(membership: Membership, page: DomainEvent[]): DomainEvent[] {
    const { stream, head } = membership.feed!;
    // Only what the feed has passed: later events may wait for a change of access.
    const piece = page.slice(0, PIECE).filter(({ seq }) => seq <= head);
    // What was held back before is read again.
    if (piece[0]?.seq !== membership.seq + 1) return [];
    this.delivery.deliver(membership, stream, piece);
    if (this.traced) traceDelivery(this.logger, 'Replayed', stream, piece, 1);
    return page.slice(PIECE);
  }

  /** Nothing when retention has overtaken the client, who is told so and goes on from the feed's head. */
  private async nextPage(membership: Membership): Promise<DomainEvent[]> {
    const page = await membership.feed!.missed(membership.seq);
    if (page[0]?.seq === membership.seq + 1) return page;
    const epoch = await this.log.epoch();
    const { session, words, room, feed } = membership;
    if (!feed) return [];
    this.sessions.counts.resyncs += 1;
    membership.seq = feed.head;
    session.send(words.resync(room, membership.seq, epoch));
    return [];
  }
}
