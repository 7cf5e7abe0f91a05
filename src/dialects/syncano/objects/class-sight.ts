import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../common/domain-error.js';
import { ClassAccess } from '../../../modules/objects/index.js';
import type { Caller } from '../callers.js';
import { forbidden, notFound, type WireError } from '../wire/errors.js';

/** As for channels: a class that is missing is a 404 here, and one that is not theirs a 403. */
@Injectable()
export class ClassSight {
  constructor(private readonly access: ClassAccess) {}

  async of<T>(caller: Caller, name: string, work: () => Promise<T>, missing: () => WireError = notFound): Promise<T> {
    const { identity, instance } = caller;
    if (identity.kind === 'api_key' && !identity.ignoreAcl && !identity.allowAnonymousRead) throw forbidden();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'class.not_found') throw error;
      throw (await this.access.find(instance.id, name)) ? forbidden() : missing();
    }
  }
}
