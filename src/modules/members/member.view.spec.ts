import type { Identity } from '../../auth/identity.js';
import { Member } from './member.entity.js';
import { memberSchema, memberViewFor, privateMemberSchema, toMemberView, toPrivateMemberView } from './member.view.js';

const ada = Object.assign(new Member(), {
  id: 7,
  workspaceId: 1,
  accountId: 3,
  email: 'c4n4ry@example.com',
  passwordHash: 'c4n4ry',
  name: 'Ada',
  role: 'member',
  userPublicUid: '5f3f4d7e-5b65-411f-8cd6-fc9af4599223',
  createdAt: new Date(0),
  updatedAt: new Date(0),
  deletedAt: null,
  addedLater: 'c4n4ry',
});

describe('the views of a member', () => {
  it('show exactly what their schemas list', () => {
    expect(memberSchema.parse(toMemberView(ada))).toEqual(toMemberView(ada));
    expect(privateMemberSchema.parse(toPrivateMemberView(ada))).toEqual(toPrivateMemberView(ada));
  });

  it('hide the address from others', () => {
    expect(JSON.stringify(toMemberView(ada))).not.toContain('c4n4ry');
  });

  it.each<[string, Partial<Identity>, boolean]>([
    ['oneself', { memberId: 7 }, true],
    ['an administrator', { memberId: 8, administrator: true } as Partial<Identity>, true],
    ['another member', { memberId: 8 }, false],
    ['a program', { kind: 'api_key', memberId: null, ignoreAcl: true } as Partial<Identity>, false],
  ])('are chosen for %s', (_who, caller, seesAddress) => {
    const identity = { administrator: false, ...caller } as Identity;
    expect('email' in memberViewFor(identity)(ada)).toBe(seesAddress);
  });
});
