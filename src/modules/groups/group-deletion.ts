import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';

/** What a feature does about its own things that name a group which is about to go. */
export interface GroupDeletionListener {
  /** Runs inside the deleting transaction, while the group still exists; use its manager only. */
  beforeGroupDeletion(groupId: number, manager: EntityManager): Promise<void>;
}

/** Marks a provider as a GroupDeletionListener: so groups need not know who refers to them. */
export const OnGroupDeletion = DiscoveryService.createDecorator<void>();

/** Asks every feature that refers to groups to let go of one. */
@Injectable()
export class GroupDeletion implements OnModuleInit {
  private listeners: GroupDeletionListener[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    this.listeners = this.discovery
      .getProviders({ metadataKey: OnGroupDeletion.KEY })
      .map((wrapper) => wrapper.instance as GroupDeletionListener);
  }

  async announce(groupId: number, manager: EntityManager): Promise<void> {
    for (const listener of this.listeners) await listener.beforeGroupDeletion(groupId, manager);
  }
}
