import type { DomainEvent } from '../events/domain-event.js';
import { Waiter, WaitList } from './wait-list.js';

const event = (seq: number, room: string | null = null, type = 'message') => ({ seq, room, type }) as DomainEvent;
const waiter = (room: string | null = null): Waiter => new Waiter(room, ['message']);

describe('who waits for an event', () => {
  it('gets the first one after its number, also when that came while the log was read', async () => {
    const [list, one] = [new WaitList(), waiter()];
    list.add(one);
    list.took([event(1), event(2), event(3)]);
    one.countFrom(1);
    expect((await one.first)?.seq).toBe(2);
  });

  it('passes over what is older, of another type or of another room', async () => {
    const [list, one, other] = [new WaitList(), waiter('a'), waiter('b')];
    [one, other].forEach((each) => (list.add(each), each.countFrom(4)));
    list.took([event(4, 'a'), event(5, 'a', 'channel'), event(6, 'b'), event(7, 'a'), event(8, null)]);
    expect((await one.first)?.seq).toBe(7);
    expect((await other.first)?.seq).toBe(6);
  });

  it('shares the event with all who wait, until the last has gone', async () => {
    const list = new WaitList();
    const all = [waiter(), waiter(), waiter()];
    all.forEach((each) => (list.add(each), each.countFrom(0)));
    list.took([event(1)]);
    expect(await Promise.all(all.map(async ({ first }) => (await first)?.seq))).toEqual([1, 1, 1]);
    expect([...list.all()]).toHaveLength(3);
    all.forEach((each) => list.remove(each));
    expect(list.empty).toBe(true);
  });

  it('gets nothing when the wait ends', async () => {
    const one = waiter();
    one.end();
    one.countFrom(0);
    one.hear(event(1));
    expect(await one.first).toBeNull();
  });
});
