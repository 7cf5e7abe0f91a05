import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { MemberIdentity } from '../../auth/identity.js';
import { RoomDirectory } from '../room-directory.js';
import { OfTopics, type Topic, type TopicSource } from './topic-source.js';

/** Finds the topic of a name among those of all features. The name of a table goes before any other. */
@Injectable()
export class TopicDirectory implements OnModuleInit {
  private readonly sources = new Map<string, TopicSource>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly rooms: RoomDirectory,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders({ metadataKey: OfTopics.KEY })) {
      const source = instance as TopicSource;
      if (this.sources.has(source.table)) throw new Error(`Two features own the topics of "${source.table}"`);
      this.sources.set(source.table, source);
    }
  }

  /** The tables that have topics. */
  get tables(): string[] {
    return [...this.sources.keys()];
  }

  /** Whether or not the member may follow it: that is the answer of its main room. Null: no topic is called that. */
  async find(name: string, member: MemberIdentity): Promise<Topic | null> {
    const owner = this.sources.get(name);
    if (owner) return owner.find(name, member);
    for (const source of this.sources.values()) {
      const topic = await source.find(name, member);
      if (topic) return topic;
    }
    return null;
  }

  /** Whether nothing else may be called that. */
  async isTaken(name: string, member: MemberIdentity): Promise<boolean> {
    return this.sources.has(name) || (await this.find(name, member)) !== null;
  }

  /** Those that the member may follow. */
  async names(member: MemberIdentity): Promise<string[]> {
    const named = await Promise.all([...this.sources.values()].map((source) => source.names(member)));
    const names = [...new Set(named.flat())];
    const open = await Promise.all(names.map((name) => this.isOpen(name, member)));
    return names.filter((_name, index) => open[index]);
  }

  private async isOpen(name: string, member: MemberIdentity): Promise<boolean> {
    const topic = await this.find(name, member);
    return topic !== null && (await this.rooms.open(topic.main, member)) !== null;
  }
}
