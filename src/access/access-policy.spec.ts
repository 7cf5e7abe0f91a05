import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { AccessPolicy } from './access-policy.js';
import { type AccessRule, AccessRuleFor, type Decision } from './access-rule.js';

function ruleFor(kind: string): Type<AccessRule> {
  @Injectable()
  @AccessRuleFor(kind)
  class Rule implements AccessRule {
    decide(): Promise<Decision | null> {
      return Promise.resolve(null);
    }
  }
  return Rule;
}

const policyWith = async (...rules: Type<AccessRule>[]): Promise<void> => {
  const providers = [AccessPolicy, ...rules];
  await (await Test.createTestingModule({ imports: [DiscoveryModule], providers }).compile()).init();
};

describe('the access policy', () => {
  it('two features cannot rule over the same kind of thing', async () => {
    await policyWith(ruleFor('poll'), ruleFor('group'));
    await expect(policyWith(ruleFor('poll'), ruleFor('poll'))).rejects.toThrow('Two access rules for "poll"');
  });
});
