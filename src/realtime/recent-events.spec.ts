import type { DomainEvent } from '../events/domain-event.js';
import { RecentEvents, SharedMemory } from './recent-events.js';

const event = (seq: number, text = ''): DomainEvent => ({
  stream: 'notes',
  seq,
  action: 'created',
  type: 'note',
  path: null,
  room: null,
  resource: { text },
  author: null,
  concerns: null,
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  requestId: null,
  fence: 0,
});
const events = (from: number, to: number, text?: string): DomainEvent[] =>
  Array.from({ length: to - from + 1 }, (_value, index) => event(from + index, text));
const numbers = (found: DomainEvent[] | null): number[] | null => found && found.map(({ seq }) => seq);
const upTo = (from: number, to: number): number[] => events(from, to).map(({ seq }) => seq);

describe('what a feed remembers', () => {
  let recent: RecentEvents;
  beforeEach(() => (recent = new RecentEvents(new SharedMemory())));

  it('is all that came after a number, or nothing', () => {
    expect(recent.after(0)).toBeNull();
    recent.add(events(11, 13));
    recent.add(events(14, 15));
    expect(numbers(recent.after(10))).toEqual([11, 12, 13, 14, 15]);
    expect(numbers(recent.after(13))).toEqual([14, 15]);
    expect(recent.after(9)).toBeNull();
  });

  it('is no more than 500 events, the newest', () => {
    recent.add(events(1, 300));
    recent.add(events(301, 777));
    expect(recent.after(276)).toBeNull();
    expect(numbers(recent.after(277))).toEqual(upTo(278, 777));
  });

  it('is no more than a megabyte, even if one event is larger than that', () => {
    recent.add(events(1, 30, 'x'.repeat(100_000)));
    expect(numbers(recent.after(20))).toEqual(upTo(21, 30));
    expect(recent.after(19)).toBeNull();
    expect(recent.bytes).toBeLessThan(1024 * 1024);
    recent.add([event(31, 'x'.repeat(2_000_000))]);
    expect(recent.after(30)).toBeNull();
    recent.add([event(32)]);
    expect(numbers(recent.after(31))).toEqual([32]);
  });

  it('has no hole: what comes after one begins anew', () => {
    recent.add(events(1, 3));
    recent.add(events(5, 6));
    expect(recent.after(2)).toBeNull();
    expect(numbers(recent.after(4))).toEqual([5, 6]);
  });

  it('reaches further back by what others have read, where it joins up', () => {
    recent.add(events(21, 22));
    recent.addOlder(events(5, 15), 22);
    expect(recent.after(19)).toBeNull();
    recent.addOlder(events(11, 22), 22);
    expect(numbers(recent.after(10))).toEqual(upTo(11, 22));
    recent.add([event(23)]);
    expect(numbers(recent.after(10))).toEqual(upTo(11, 23));
  });

  it('takes nothing that the feed has not passed, though somebody has read it', () => {
    recent.addOlder(events(1, 5), 3);
    expect(numbers(recent.after(0))).toEqual([1, 2, 3]);
    recent.add(events(4, 5));
    expect(numbers(recent.after(0))).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes of older events the newest, as many as fit', () => {
    recent.add(events(501, 700));
    recent.addOlder(events(1, 500), 700);
    expect(recent.after(199)).toBeNull();
    expect(numbers(recent.after(200))).toEqual(upTo(201, 700));
    recent.addOlder(events(101, 200), 700);
    expect(recent.after(199)).toBeNull();
  });
});

describe('what the feeds of a node remember together', () => {
  it('is bounded: those that have been quiet for longest forget first', () => {
    const memory = new SharedMemory(10_000);
    const [a, b, c] = [new RecentEvents(memory), new RecentEvents(memory), new RecentEvents(memory)];
    for (const one of [a, b, c]) one.add([event(1, 'x'.repeat(2_000))]);
    a.add([event(2, 'x'.repeat(2_000))]);
    expect(numbers(b.after(0))).toEqual([1]);
    c.add([event(2, 'x'.repeat(2_000))]);
    expect(b.after(0)).toBeNull();
    expect(numbers(a.after(0))).toEqual([1, 2]);
    expect(numbers(c.after(0))).toEqual([1, 2]);
    expect(a.bytes + b.bytes + c.bytes).toBeLessThanOrEqual(10_000);
  });

  it('gives back what a feed forgets', () => {
    const memory = new SharedMemory(10_000);
    const [a, b] = [new RecentEvents(memory), new RecentEvents(memory)];
    a.add([event(1, 'x'.repeat(6_000))]);
    a.forget();
    b.add([event(1, 'x'.repeat(6_000))]);
    a.add([event(2, 'x'.repeat(1_000))]);
    expect([numbers(a.after(1)), numbers(b.after(0))]).toEqual([[2], [1]]);
  });
});
