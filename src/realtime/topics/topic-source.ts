import { DiscoveryService } from '@nestjs/core';
import type { MemberIdentity } from '../../auth/identity.js';
import type { DomainEvent } from '../../events/domain-event.js';
import type { TopicRows } from './topic-rows.js';

/** The rooms that tell somebody of the rows of a topic. What they may hear there is the answer of each room. */
export interface TopicRooms {
  /** The room without which there is no topic. */
  main: string;
  /** The other rooms at the moment. */
  others?(): Promise<string[]>;
  /** The room that an event of the main one adds, and the number in its stream after which to begin. */
  opensWith?(event: DomainEvent): Promise<{ room: string; after: number } | null>;
  /** Absent: nobody talks there. */
  floor?: TopicFloor;
}

/** Where something is said to all who follow a topic, beside its rows (`topic-message.ts`). */
export interface TopicFloor {
  /** The one that feeds the main room, whoever is in it. */
  stream: string;
  /** Whether this member may make rows of the table: they are who may talk there. */
  mayTalk(member: MemberIdentity): Promise<boolean>;
}

/** Rows that clients follow by the name of their table, as one member may follow them. */
export interface Topic extends TopicRooms {
  rows: TopicRows;
}

/** A feature's topics, in `<feature>.topics.ts`: the one of a table, or one for each kind of rows in it. */
export interface TopicSource {
  /** The realtime table whose rows these are; its name is taken, whatever the topics are called. */
  readonly table: string;
  /** How its topics are called in the member's workspace. Whether the member may follow one, its main room says. */
  names(member: MemberIdentity): Promise<string[]>;
  /** Null when none of them is called that. */
  find(name: string, member: MemberIdentity): Promise<Topic | null>;
}

/** Marks a provider as a TopicSource. */
export const OfTopics = DiscoveryService.createDecorator<void>();

/** The usual source: one topic, called like the table. */
export abstract class TableTopic implements TopicSource {
  abstract readonly rows: TopicRows;

  get table(): string {
    return this.rows.table;
  }

  abstract roomsFor(member: MemberIdentity): TopicRooms;

  names(): Promise<string[]> {
    return Promise.resolve([this.table]);
  }

  find(name: string, member: MemberIdentity): Promise<Topic | null> {
    return Promise.resolve(name === this.table ? { ...this.roomsFor(member), rows: this.rows } : null);
  }
}
