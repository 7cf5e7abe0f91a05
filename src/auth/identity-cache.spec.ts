import { IdentityCache } from './identity-cache.js';
import type { MemberIdentity } from './identity.js';
import { MemberDirectory } from './identity-directory.js';

const member = (administrator: boolean): MemberIdentity => ({
  kind: 'member',
  memberId: 7,
  workspaceId: 1,
  administrator,
});

/** Answers when the test says so. */
class SlowDirectory extends MemberDirectory {
  readonly questions: ((found: MemberIdentity | null) => void)[] = [];

  findMember(): Promise<MemberIdentity | null> {
    return new Promise((resolve) => this.questions.push(resolve));
  }
}

describe('the remembered identities', () => {
  const directory = new SlowDirectory();
  const cache = new IdentityCache(directory);
  cache.heedChanges(() => Promise.resolve());

  it.each([[[7]], [undefined]])('ask again when access changes while they wait (%j)', async (changed) => {
    directory.questions.length = 0;
    const answer = cache.findMember(7);
    await new Promise((resolve) => setImmediate(resolve));
    cache.forget(changed);
    directory.questions[0]!(member(true));
    await new Promise((resolve) => setImmediate(resolve));
    directory.questions[1]!(null);
    expect(await answer).toBeNull();
  });

  it('ask once for many who want to know at once, and again after a change', async () => {
    directory.questions.length = 0;
    const answers = [cache.findMember(7), cache.findMember(7)];
    await new Promise((resolve) => setImmediate(resolve));
    directory.questions[0]!(member(false));
    expect(await Promise.all(answers)).toEqual([member(false), member(false)]);
    await cache.findMember(7);
    expect(directory.questions).toHaveLength(1);
    cache.forget([7]);
    void cache.findMember(7);
    await new Promise((resolve) => setImmediate(resolve));
    expect(directory.questions).toHaveLength(2);
  });

  describe('as time goes by', () => {
    const changes: (() => void)[] = [];
    let remembered: IdentityCache;

    const turn = (): Promise<unknown> => new Promise((resolve) => process.nextTick(resolve));

    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['nextTick'] });
      directory.questions.length = changes.length = 0;
      remembered = new IdentityCache(directory);
      remembered.heedChanges(() => new Promise((resolve) => changes.push(resolve)));
    });
    afterEach(() => jest.useRealTimers());

    /** Somebody asks for the member; both questions are answered at once. */
    async function served(found: MemberIdentity | null = member(false)): Promise<MemberIdentity | null> {
      const answer = remembered.findMember(7);
      for (let round = 0; round < 5; round += 1) {
        changes.shift()?.();
        await turn();
        directory.questions.shift()?.(found);
        await turn();
      }
      return answer;
    }

    it('serve on while nothing has changed, without asking for the member', async () => {
      await served();
      for (let second = 0; second < 30; second += 1) {
        jest.advanceTimersByTime(1_500);
        const answer = remembered.findMember(7);
        await turn();
        changes.shift()!();
        expect(await answer).toEqual(member(false));
      }
      expect(directory.questions).toEqual([]);
    });

    it('serve nobody after a second in which the question for changes had no answer', async () => {
      await served();
      jest.advanceTimersByTime(1_500);
      const answered = jest.fn();
      const answer = remembered.findMember(7).then(answered);
      for (let round = 0; round < 5; round += 1) await turn();
      expect(answered).not.toHaveBeenCalled();
      remembered.forget([7]);
      changes.shift()!();
      await turn();
      await turn();
      directory.questions.shift()!(null);
      await answer;
      expect(answered).toHaveBeenCalledWith(null);
    });

    it('ask for the member again after a minute', async () => {
      await served();
      jest.advanceTimersByTime(61_000);
      expect(await served(member(true))).toEqual(member(true));
    });
  });
});
