import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { MemberIdentity } from '../../auth/identity.js';
import { rowsOf } from '../../realtime/topics/topic-rows.js';
import { OfTopics, type Topic, type TopicFloor, type TopicSource } from '../../realtime/topics/topic-source.js';
import { ClassAccess, classThing } from './classes.access.js';
import { ObjectClass } from './object-class.entity.js';
import { objectPaths, objectStreams } from './objects.streams.js';

/** To clients each class is a table of its own: one topic for each, called like the class. */
@Injectable()
@OfTopics()
export class ObjectTopics implements TopicSource {
  readonly table = 'objects';
  private readonly rows = rowsOf(this.table, 'object');

  constructor(
    @InjectRepository(ObjectClass) private readonly classes: Repository<ObjectClass>,
    private readonly access: ClassAccess,
  ) {}

  async names({ workspaceId }: MemberIdentity): Promise<string[]> {
    const found = await this.classes.find({ select: { name: true }, where: { workspaceId }, order: { id: 'ASC' } });
    return found.map(({ name }) => name);
  }

  async find(name: string, { workspaceId }: MemberIdentity): Promise<Topic | null> {
    const of = await this.access.find(workspaceId, name);
    return of && { main: objectPaths.class(of.name), rows: this.rows, floor: this.floorOf(of) };
  }

  private floorOf({ id, name }: ObjectClass): TopicFloor {
    return {
      stream: objectStreams.class(id),
      mayTalk: async (member) => {
        const decision = await this.access.decide(member, classThing(member, name));
        return decision?.of.id === id && decision.actions.has('create_objects');
      },
    };
  }
}
