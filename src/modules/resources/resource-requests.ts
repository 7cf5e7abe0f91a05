import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Identity } from '../../auth/identity.js';
import { type Page, toPage } from '../../common/paging.js';
import { RoomTokenIssuer } from '../../realtime/room-token-issuer.js';
import { type Place, placeIn, type Scope } from './place.js';
import { toETag } from './precondition.js';
import { type ResourceAddress, resourcePath } from './resource-address.js';
import type { ResourceCall } from './resource-call.js';
import { ResourceOrganizations } from './resource-organizations.js';
import { type ResourceChange, ResourceWriting } from './resource-writing.js';
import { versionOf } from './resource.entity.js';
import { toResourceView } from './resource.view.js';
import { memberRequired, resourceNotFound } from './resources.errors.js';
import { type NamePage, ResourcesService } from './resources.service.js';

/** What the routes of all three kinds do alike: find the place, carry it out, and answer with the version as an ETag. */
@Injectable()
export class ResourceRequests {
  constructor(
    private readonly organizations: ResourceOrganizations,
    private readonly resources: ResourcesService,
    private readonly writing: ResourceWriting,
    private readonly tickets: RoomTokenIssuer,
  ) {}

  async place({ identity, names }: ResourceCall, scope: Scope): Promise<Place> {
    return placeIn(await this.organizations.contextOf(identity, names), scope);
  }

  async read({ identity }: ResourceCall, address: ResourceAddress, websockets: boolean, reply: FastifyReply) {
    const { resource, at } = await this.resources.read(identity, address);
    if (!resource) throw resourceNotFound();
    void reply.header('etag', toETag(versionOf(resource)));
    const joining = { ...toResourceView(resource), position: at.seq, epoch: at.epoch };
    if (!websockets) return joining;
    return { ...joining, websockets: await this.tickets.ticketsFor(identity, [resourcePath(address)]) };
  }

  async write(call: ResourceCall, address: ResourceAddress, change: ResourceChange, reply: FastifyReply) {
    const { resource, created } = await this.writing.write(call.identity, address, change, call.precondition);
    void reply.code(created ? 201 : 200).header('etag', toETag(versionOf(resource)));
    return toResourceView(resource);
  }

  async remove({ identity, precondition }: ResourceCall, address: ResourceAddress): Promise<void> {
    await this.writing.write(identity, address, { action: 'delete' }, precondition);
  }

  async names(
    { identity }: ResourceCall,
    beside: ResourceAddress,
    page: NamePage,
  ): Promise<Page<{ name: string; version: string }>> {
    const found = await this.resources.list(identity, beside, page);
    return toPage(found, page.limit, (resource) => ({ name: resource.name, version: versionOf(resource) }));
  }
}

/** The member whom a request is about: whom it names, or the caller. */
export function memberIn(identity: Identity, named: number | undefined): number {
  const memberId = named ?? identity.memberId;
  if (memberId === null) throw memberRequired();
  return memberId;
}
