import { Injectable, Module } from '@nestjs/common';
import type { Identity } from '../../src/auth/identity.js';
import { Transactions } from '../../src/database/transactions.js';
import { CreateResult, UpdateResult } from '../../src/events/crud/crud-results.js';
import { RealtimeCreated, RealtimeUpdated, ResourcePath } from '../../src/events/crud/realtime.decorators.js';
import type { DomainEvent } from '../../src/events/domain-event.js';
import { accessChanged } from '../../src/events/access-changes.js';
import { EventLog } from '../../src/events/event-log.js';
import { roomStream } from '../../src/events/room-streams.js';
import { type OpenRoom, RoomKind, type RoomSource } from '../../src/realtime/room-source.js';

export interface Card {
  id: string;
  board: string;
  label?: string;
}

/** A feature as a team would add it: a service that is no plain entity, with rooms of its own. */
@Injectable()
export class Cards {
  @RealtimeCreated<Card>({
    room: (card) => `/boards/${card.board}`,
    path: (card) => `/boards/${card.board}/${card.id}`,
  })
  create(card: Card): Promise<CreateResult<Card>> {
    return Promise.resolve(new CreateResult('card', card));
  }

  @RealtimeUpdated<Card>([
    { room: '/boards/short', resource: { short: true } },
    { room: ResourcePath.get(['/boards/one', '/boards/two']) },
  ])
  update(card: Card): Promise<UpdateResult<Card>> {
    return Promise.resolve(new UpdateResult('card', card));
  }
}

/** Every member may join every board, except where a test has barred them. */
@Injectable()
@RoomKind('/boards/:board')
export class BoardRooms implements RoomSource {
  private readonly barred = new Set<string>();

  constructor(
    private readonly log: EventLog,
    private readonly transactions: Transactions,
  ) {}

  open({ board }: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
    const stream = boardStream(board!);
    return Promise.resolve(this.barred.has(`${identity.memberId} ${board}`) ? null : { stream });
  }

  /** Takes the board from a member, the way a feature does. */
  async bar(memberId: number, board: string): Promise<void> {
    await this.transactions.run((manager) => {
      this.barred.add(`${memberId} ${board}`);
      this.log.append(manager, [accessChanged({ members: [memberId], streams: [boardStream(board)] })]);
      return Promise.resolve();
    });
  }

  /** Commits one event for each text, all in one transaction. */
  publish(board: string, ...texts: string[]): Promise<DomainEvent[]> {
    return this.transactions.run((manager) =>
      this.log.appendNow(
        manager,
        texts.map((text) => ({
          stream: boardStream(board),
          action: 'created',
          type: 'card',
          path: `/boards/${board}/${text}`,
          resource: { text },
        })),
      ),
    );
  }
}

function boardStream(board: string): string {
  return roomStream(1, `/boards/${board}`);
}

@Module({ providers: [Cards, BoardRooms] })
export class BoardsModule {}
