import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Identity } from '../auth/identity.js';
import { type OpenRoom, RoomKind, type RoomSource } from './room-source.js';

interface Route {
  pattern: RegExp;
  source: RoomSource;
}

/** Clients bring names of this length at most. */
export const MAX_ROOM_NAME_LENGTH = 1_280;

/** Finds the feature that owns a room name. Names are matched exactly, byte for byte: `/a/` is not `/a`. */
@Injectable()
export class RoomDirectory implements OnModuleInit {
  private readonly routes: Route[] = [];
  private readonly owned = new Set<string>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: RoomKind.KEY })) {
      const pattern = this.discovery.getMetadataByDecorator(RoomKind, wrapper);
      if (pattern) this.add(pattern, wrapper.instance as RoomSource);
    }
  }

  /** The room as this identity may use it; null when there is none or it is not theirs. */
  async open(name: string, identity: Identity): Promise<OpenRoom | null> {
    if (name.length > MAX_ROOM_NAME_LENGTH) return null;
    for (const { pattern, source } of this.routes) {
      const params = pattern.exec(name)?.groups;
      if (params) return source.open({ ...params }, identity);
    }
    return null;
  }

  private add(pattern: string, source: RoomSource): void {
    const shape = pattern.replace(/:\w+/g, ':');
    if (this.owned.has(shape)) throw new Error(`Two features own the rooms ${pattern}`);
    this.owned.add(shape);
    this.routes.push({ pattern: toRegExp(pattern), source });
  }
}

/** `/channels/:name` -> a pattern with the named group `name`. A group always exists, so that `groups` tells a match. */
function toRegExp(pattern: string): RegExp {
  const source = pattern
    .split('/')
    .map((segment) => (segment.startsWith(':') ? `(?<${segment.slice(1)}>[^/]+)` : segment.replace(/[^\w-]/g, '\\$&')))
    .join('/');
  return new RegExp(`^(?<room_name>${source})$`);
}
