import { FrameBatch } from './frame-batch.js';
import { type Connection, OutgoingQueue } from './outgoing-queue.js';

const MEGABYTE = 1024 * 1024;

/** A client that takes a write when it is told to. */
class Client implements Connection {
  readonly taken: string[] = [];
  writes = 0;
  dropped = false;
  private done: (() => void) | null = null;

  write(batches: FrameBatch[], written: () => void): void {
    this.writes += 1;
    this.taken.push(...batches.flatMap((batch) => batch.texts));
    this.done = written;
  }

  drop(): void {
    this.dropped = true;
  }

  end(): void {
    this.dropped = true;
  }

  read(): void {
    this.done?.();
  }
}

// Not real: the connection.
describe('what waits for a client that is behind', () => {
  let client: Client;
  let queue: OutgoingQueue;
  const event = (text: string): void => queue.push(new FrameBatch([text]));
  const typing = (text: string): void => queue.pushEphemeral(new FrameBatch([text], true));

  beforeEach(() => {
    client = new Client();
    queue = new OutgoingQueue(client);
    event('under way');
  });

  it('typing comes in its place while there is room', () => {
    event('one');
    typing('writes');
    event('two');
    client.read();
    expect(client.taken).toEqual(['under way', 'one', 'writes', 'two']);
  });

  it('any amount of typing neither cuts the client off nor takes the place of an event', () => {
    for (let index = 0; index < 20_000; index += 1) typing('writes');
    const large = 'x'.repeat(MEGABYTE - 1);
    event(large);
    expect(client.dropped).toBe(false);
    client.read();
    expect(client.taken).toEqual(['under way', large]);
  });

  it('typing is not taken any more long before events are too many', () => {
    event('x'.repeat(MEGABYTE / 4));
    typing('writes');
    event('last');
    client.read();
    expect(client.taken).toEqual(['under way', expect.stringMatching(/^x+$/), 'last']);
  });

  it('too many events cut it off, with or without typing between them', () => {
    typing('writes');
    for (let index = 0; index < 5_000; index += 1) event('event');
    expect(client.dropped).toBe(false);
    event('one too many');
    expect(client.dropped).toBe(true);
    expect(queue.waitingBytes).toBe(0);
  });
});

describe('what is said together', () => {
  const say = (queue: OutgoingQueue): void =>
    ['joined', 'missed'].forEach((text) => queue.push(new FrameBatch([text])));

  it('leaves as one write', () => {
    const client = new Client();
    const queue = new OutgoingQueue(client);
    expect(queue.together(() => say(queue))).toBe(true);
    expect([client.writes, client.taken]).toEqual([1, ['joined', 'missed']]);
  });

  it('is not said while the client is busy', () => {
    const client = new Client();
    const queue = new OutgoingQueue(client);
    queue.push(new FrameBatch(['under way']));
    expect(queue.together(() => say(queue))).toBe(false);
    client.read();
    expect(client.taken).toEqual(['under way']);
  });

  it('leaves also when something went wrong in the middle, and the queue goes on', () => {
    const client = new Client();
    const queue = new OutgoingQueue(client);
    const fail = (): void => {
      say(queue);
      throw new Error('in the middle');
    };
    expect(() => queue.together(fail)).toThrow('in the middle');
    client.read();
    queue.push(new FrameBatch(['later']));
    expect(client.taken).toEqual(['joined', 'missed', 'later']);
  });
});
