import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { RoomKind } from '../room-source.js';
import { DoorDescription } from './door-description.js';
import { RoomNews, type Told } from './room-news.js';

/** The rooms of one kind. */
export interface RoomDescription {
  /** `/chat-rooms/:uuid` */
  pattern: string;
  /** Who feeds them. */
  from: string[];
  told: Told;
}

/** Finds what the doors and the rooms of this server say of themselves, in an order that stays. */
@Injectable()
export class Doors {
  constructor(private readonly discovery: DiscoveryService) {}

  all(): DoorDescription[] {
    const doors = this.instances().filter((instance) => instance instanceof DoorDescription);
    return doors.sort((one, other) => compare(one.name, other.name));
  }

  rooms(): RoomDescription[] {
    const news = this.instances().filter((instance) => instance instanceof RoomNews);
    const kinds = this.discovery.getProviders({ metadataKey: RoomKind.KEY });
    const patterns = kinds.map((kind) => this.discovery.getMetadataByDecorator(RoomKind, kind)!);
    return patterns.sort(compare).map((pattern) => {
      const own = news.filter(({ rooms }) => pattern in rooms).sort((one, other) => compare(one.from, other.from));
      return { pattern, from: own.map(({ from }) => from), told: merged(own.map(({ rooms }) => rooms[pattern]!)) };
    });
  }

  private instances(): unknown[] {
    return this.discovery.getProviders().map(({ instance }) => instance as unknown);
  }
}

/** Two features may tell of the same kind of thing, each with a view of its own. */
function merged(all: Told[]): Told {
  const told: Told = {};
  for (const [type, view] of all.flatMap((one) => Object.entries(one))) {
    told[type] = type in told ? told[type]!.or(view) : view;
  }
  return told;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
