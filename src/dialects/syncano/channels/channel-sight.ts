import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../common/domain-error.js';
import { ChannelAccess } from '../../../modules/channels/index.js';
import type { Caller } from '../callers.js';
import { forbidden, notFound, type WireError } from '../wire/errors.js';

/**
 * For everybody else a channel that is missing and one that is not theirs look alike. This dialect tells them apart: 404
 * and 403. And it says who may not before it says what is wrong with the request.
 */
@Injectable()
export class ChannelSight {
  constructor(private readonly access: ChannelAccess) {}

  async of<T>(caller: Caller, name: string, work: () => Promise<T>, missing: () => WireError = notFound): Promise<T> {
    const { identity, instance } = caller;
    if (identity.kind === 'api_key' && !identity.ignoreAcl && !identity.allowAnonymousRead) throw forbidden();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'channel.not_found') throw error;
      throw (await this.access.find(instance.id, name)) ? forbidden() : missing();
    }
  }
}

/** What `read` makes of a request; when the request is wrong, that is only said to those who pass `admit`. */
export async function readAfter<T>(admit: () => Promise<unknown>, read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    await admit();
    throw error;
  }
}
