import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';

/** What a feature does when a workspace begins or ends. Runs inside the writing transaction; use its manager only. */
export interface WorkspaceListener {
  /** Makes what every workspace has of the feature. */
  workspaceCreated?(workspaceId: number, manager: EntityManager): Promise<void>;
  /** Shuts out whoever came through the feature. */
  workspaceRemoved?(workspaceId: number, manager: EntityManager): Promise<void>;
}

/** Marks a provider as a WorkspaceListener: so workspaces need not know what is in them. */
export const OnWorkspace = DiscoveryService.createDecorator<void>();

/** Tells the features when a workspace begins or ends. */
@Injectable()
export class WorkspaceLifecycle implements OnModuleInit {
  private listeners: WorkspaceListener[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    this.listeners = this.discovery
      .getProviders({ metadataKey: OnWorkspace.KEY })
      .map((wrapper) => wrapper.instance as WorkspaceListener);
  }

  async created(workspaceId: number, manager: EntityManager): Promise<void> {
    for (const listener of this.listeners) await listener.workspaceCreated?.(workspaceId, manager);
  }

  async removed(workspaceId: number, manager: EntityManager): Promise<void> {
    for (const listener of this.listeners) await listener.workspaceRemoved?.(workspaceId, manager);
  }
}
