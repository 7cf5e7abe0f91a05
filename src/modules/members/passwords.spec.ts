import { Passwords } from './passwords.js';

// Real: argon2id.
describe('passwords', () => {
  const passwords = new Passwords();

  beforeAll(() => passwords.onModuleInit());

  it('only the right one of somebody opens', async () => {
    const hash = await passwords.hash('right');
    expect(await passwords.verify(hash, 'right')).toBe(true);
    expect(await passwords.verify(hash, 'wrong')).toBe(false);
    expect(await passwords.verify('!', 'right')).toBe(false);
  });

  it('nobody has one, and is checked against a hash as costly as any', async () => {
    const cost = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;
    expect(await passwords.hash('right')).toMatch(cost);
    expect((passwords as unknown as { nobodysHash: string }).nobodysHash).toMatch(cost);
    expect(await passwords.verify(null, 'nobody')).toBe(false);
  });
});
