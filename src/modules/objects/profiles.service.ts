import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { Transactions } from '../../database/transactions.js';
import { MembersService } from '../members/index.js';
import { PROFILE_CLASS } from './classes.service.js';
import { ObjectClass } from './object-class.entity.js';
import { type ObjectInput, valuesAfter } from './object-input.js';
import { permissionsOf } from './object-level.js';
import { ObjectWriter } from './object-writer.js';
import type { ObjectOfClass } from './objects.service.js';
import { StoredObject } from './stored-object.entity.js';

/** The object that describes each member, of the class `user_profile`; it is the member's own. */
@Injectable()
export class ProfilesService {
  constructor(
    @InjectRepository(StoredObject) private readonly objects: Repository<StoredObject>,
    private readonly members: MembersService,
    private readonly transactions: Transactions,
    private readonly writer: ObjectWriter,
    private readonly clock: Clock,
  ) {}

  /** The profiles of these members of one workspace; who never had one is absent. */
  async of(memberIds: number[]): Promise<Map<number, ObjectOfClass>> {
    const found = await this.objects.findBy({ profileOf: In(memberIds) });
    if (found.length === 0) return new Map();
    const of = await this.objects.manager.findOneByOrFail(ObjectClass, { id: found[0]!.classId });
    return new Map(found.map((object) => [object.profileOf!, { object, of }]));
  }

  /** Makes the profile, or changes the values that are named. */
  async write(workspaceId: number, memberId: number, values: ObjectInput['values']): Promise<ObjectOfClass> {
    return this.transactions.run(async (manager) => {
      const where = { workspaceId, name: PROFILE_CLASS };
      const of = await manager.findOneOrFail(ObjectClass, { where, lock: { mode: 'for_key_share' } });
      // Of two who write the first one at once, the second changes what the first has made.
      await this.members.hold([memberId], manager);
      const present = await manager.findOne(StoredObject, {
        where: { profileOf: memberId },
        lock: { mode: 'pessimistic_write' },
      });
      const data = valuesAfter({ values, strict: false }, present?.data ?? {}, of);
      if (!present) return { object: await this.insert(manager, of, memberId, data), of };
      await this.writer.update(manager, present, of, { ...permissionsOf(present), data });
      return { object: present, of };
    });
  }

  private insert(manager: EntityManager, of: ObjectClass, memberId: number, data: StoredObject['data']) {
    const now = this.clock.now();
    const profile = {
      ...{ workspaceId: of.workspaceId, classId: of.id, revision: 1, data, profileOf: memberId },
      ...{ ownerId: memberId, ownerPermissions: 'full', groupId: null, groupPermissions: 'none' },
      ...{ otherPermissions: 'none', channelId: null, channelRoom: null, createdAt: now, updatedAt: now },
    } satisfies Omit<StoredObject, 'id' | 'version'>;
    return this.writer.insert(manager, Object.assign(new StoredObject(), profile), of);
  }
}
