import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Identity } from '../auth/identity.js';
import { forbidden, type KnownError, notFound } from '../common/domain-error.js';
import { type AccessRule, AccessRuleFor, type Decision, type Thing } from './access-rule.js';

/** The one place that says who may do what: it asks the rule of the feature that owns the thing. */
@Injectable()
export class AccessPolicy implements OnModuleInit {
  private readonly rules = new Map<string, AccessRule>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: AccessRuleFor.KEY })) {
      const kind = this.discovery.getMetadataByDecorator(AccessRuleFor, wrapper);
      if (!kind) continue;
      if (this.rules.has(kind)) throw new Error(`Two access rules for "${kind}"`);
      this.rules.set(kind, wrapper.instance as AccessRule);
    }
  }

  /** Everything the identity may do with the thing; null when it may know nothing of it. */
  async decide(identity: Identity, thing: Thing): Promise<Decision | null> {
    const rule = this.rules.get(thing.kind);
    if (!rule) throw new Error(`No access rule for "${thing.kind}"`);
    return rule.decide(identity, thing);
  }

  async can(identity: Identity, action: string, thing: Thing): Promise<boolean> {
    const decision = await this.decide(identity, thing);
    return decision?.actions.has(action) ?? false;
  }

  /**
   * The decision, when it includes the action. Otherwise an error: "not found" to those who may not read the thing (so
   * missing and forbidden look alike), "forbidden" to those who may read but not do this.
   */
  async require(identity: Identity, action: string, thing: Thing): Promise<Decision> {
    return required(await this.decide(identity, thing), action, thing.kind);
  }
}

/** As `require`, for who has the decision at hand. */
export function required(decision: Decision | null, action: string, kind: string): Decision {
  if (decision?.actions.has(action)) return decision;
  if (decision?.actions.has('read')) throw forbidden(`${kind}.forbidden`, 'You may not do this.');
  throw notFound(`${kind}.not_found`, 'There is no such thing, or you may not see it.');
}

/** What the policy refuses with when it is asked about things of this kind. */
export const accessErrors = (kind: string): KnownError[] => [
  { kind: 'forbidden', code: `${kind}.forbidden` },
  { kind: 'not_found', code: `${kind}.not_found` },
];
