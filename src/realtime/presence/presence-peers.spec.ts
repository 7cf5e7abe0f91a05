import type { PresenceChange } from './attendance.js';
import { PresencePeers } from './presence-peers.js';
import { PresenceView } from './presence-view.js';

/** A bus that carries everything in one order, to those who are connected at that moment. */
class Wire {
  readonly nodes: Node[] = [];
  carried: object[] = [];
  private waiting: object[] = [];

  start(): Node {
    const node = new Node(this);
    this.nodes.push(node);
    node.peers.gap();
    return node;
  }

  send(words: object): void {
    this.waiting.push(JSON.parse(JSON.stringify(words)) as object);
  }

  /** Carries until nobody has anything to say any more. */
  carry(): void {
    while (this.waiting.length > 0) {
      const words = this.waiting.shift()!;
      this.carried.push(words);
      for (const node of this.nodes) if (node.listening) node.peers.heard(words);
    }
  }

  beats(count = 1): void {
    for (let beat = 0; beat < count; beat += 1) {
      for (const node of this.nodes) if (node.living) node.peers.beat();
      this.carry();
    }
  }
}

class Node {
  readonly view = new PresenceView();
  readonly told: string[] = [];
  living = true;
  speaking = true;
  hearing = true;
  readonly peers: PresencePeers;

  constructor(wire: Wire) {
    const bus = { tellPeers: (words: object) => this.speaking && wire.send(words) };
    this.peers = new PresencePeers(bus, this.view, (changes) => this.note(changes));
  }

  get listening(): boolean {
    return this.living && this.hearing;
  }

  change(memberId: number, online: boolean): void {
    const changes = [{ workspaceId: 1, memberId, online }];
    this.note(this.view.apply(this.peers.node, changes));
    this.peers.tell(changes);
  }

  die(): void {
    this.living = this.speaking = false;
  }

  cut(away: boolean): void {
    this.speaking = this.hearing = !away;
    if (!away) this.peers.gap();
  }

  online(): number[] {
    return [...this.view.of(1)].sort((one, other) => one - other);
  }

  private note(changes: PresenceChange[]): void {
    for (const { memberId, online } of changes) this.told.push(`${memberId} ${online ? 'came' : 'left'}`);
  }
}

// Not real: the bus.
describe('nodes that tell each other who is there', () => {
  let wire: Wire;
  let one: Node;
  let two: Node;

  beforeEach(() => {
    wire = new Wire();
    one = wire.start();
    two = wire.start();
    wire.carry();
  });

  it('a member on two nodes is one join and one leave, on both', () => {
    one.change(7, true);
    two.change(7, true);
    wire.carry();
    one.change(7, false);
    wire.carry();
    expect([one.told, two.told]).toEqual([['7 came'], ['7 came']]);
    two.change(7, false);
    wire.carry();
    expect([one.told, two.told]).toEqual([
      ['7 came', '7 left'],
      ['7 came', '7 left'],
    ]);
  });

  it('a new node learns who is there, and who was', () => {
    one.change(7, true);
    two.change(8, true);
    one.change(9, true);
    one.change(9, false);
    wire.carry();
    const three = wire.start();
    wire.carry();
    expect(three.online()).toEqual([7, 8]);
    expect([three.view.seen.has(1, 9), three.view.seen.has(2, 9), three.view.seen.has(1, 10)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('a dead node is told as one leave by each of the others, and not before four beats', () => {
    const three = wire.start();
    three.change(7, true);
    three.change(8, true);
    one.change(8, true);
    wire.beats(5);
    three.die();
    wire.beats(3);
    expect(one.online()).toEqual([7, 8]);
    wire.beats(5);
    for (const node of [one, two]) {
      expect(node.told.filter((text) => text.endsWith('left'))).toEqual(['7 left']);
      expect(node.online()).toEqual([8]);
    }
  });

  it('a node that stops says so, and its members go at once where there is no grace', () => {
    one.change(7, true);
    wire.carry();
    one.peers.sayGoodbye(0);
    one.die();
    wire.carry();
    expect(two.told).toEqual(['7 came', '7 left']);
  });

  it('nobody is taken for dead because the bus was away, and what changed meanwhile is told afterwards', () => {
    one.change(7, true);
    wire.carry();
    for (const node of [one, two]) node.cut(true);
    one.change(7, false);
    one.change(8, true);
    wire.beats(20);
    expect(two.online()).toEqual([7]);
    for (const node of [one, two]) node.cut(false);
    wire.carry();
    wire.beats();
    expect(two.told).toEqual(['7 came', '8 came', '7 left']);
  });

  it('a node that was slept through comes back with all of its members', () => {
    one.change(7, true);
    wire.carry();
    one.cut(true);
    wire.beats(5);
    expect(two.told).toEqual(['7 came', '7 left']);
    one.cut(false);
    wire.carry();
    expect(two.told).toEqual(['7 came', '7 left', '7 came']);
    expect(one.told).toEqual(['7 came']);
  });

  it('many who ask the same node at the same time get one answer', () => {
    const nodes = Array.from({ length: 8 }, () => wire.start());
    wire.carry();
    for (const node of nodes) node.hearing = false;
    one.change(7, true);
    wire.carry();
    for (const node of nodes) node.hearing = true;
    wire.carried = [];
    one.peers.beat();
    wire.carry();
    for (const node of nodes) expect(node.online()).toEqual([7]);
    expect(wire.carried.filter((words) => 'all' in words)).toHaveLength(1);
  });

  it('whatever is lost, all say the same in the end, and every join has one leave', () => {
    const nodes = [one, two, wire.start(), wire.start()];
    for (let step = 0; step < 3_000; step += 1) {
      const node = nodes[Math.floor(Math.random() * nodes.length)]!;
      const chance = Math.random();
      if (chance < 0.7) node.change(Math.ceil(Math.random() * 20), Math.random() < 0.5);
      else if (chance < 0.8) node.hearing = !node.hearing;
      else if (chance < 0.9) node.speaking = !node.speaking;
      else wire.beats();
      if (Math.random() < 0.5) wire.carry();
    }
    for (const node of nodes) node.cut(false);
    wire.beats(10);
    for (const node of nodes) {
      expect(node.online()).toEqual(one.online());
      for (let memberId = 1; memberId <= 20; memberId += 1) {
        const told = node.told.filter((text) => text.startsWith(`${memberId} `));
        expect(told).toEqual(told.map((_text, index) => `${memberId} ${index % 2 === 0 ? 'came' : 'left'}`));
        expect(told.length % 2 === 1).toBe(node.online().includes(memberId));
      }
    }
  });
});
