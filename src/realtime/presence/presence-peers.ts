import { randomUUID } from 'node:crypto';
import type { EventBus, PeerListener } from '../../events/bus/event-bus.js';
import type { PresenceChange, Roll } from './attendance.js';
import type { Sighting } from './last-seen.js';
import type { PresenceView } from './presence-view.js';

/** A node that says nothing between so many beats of our own is no more. */
const SILENT_BEATS = 4;

/** What one node says to all. Whatever it says, it says how many changes it has told so far. */
interface Words {
  node: string;
  version: number;
  /** Said regularly. */
  beat?: true;
  /** Everybody is asked to say something: who are you, where do you stand? */
  call?: true;
  /** The node that is asked for everything, because something was missed. */
  ask?: string;
  /** Goes with `ask`: whom do you remember? */
  memory?: boolean;
  changes?: PresenceChange[];
  all?: Roll;
  seen?: Sighting[];
  /** The node stops; whoever is online because of it has this many milliseconds to come back somewhere else. */
  bye?: number;
}

interface Peer {
  version: number;
  /** Beats of our own since it last said something. */
  silent: number;
  asked: boolean;
  leaving: boolean;
}

/**
 * How nodes know of each other's members: each tells its changes and counts them, so that who missed one notices and asks
 * for everything. The bus keeps nothing, so there is nothing to repair when it comes back.
 *
 * A dead node is known by its silence, in the order of the bus: between four beats of ours that came back to us, it has
 * said nothing. A bus that is away, or a node that was busy, therefore is no reason to think that others are dead.
 */
export class PresencePeers implements PeerListener {
  readonly node = randomUUID();
  private readonly peers = new Map<string, Peer>();
  private version = 0;
  /** Somebody has told us whom they remember. */
  private informed = false;
  /** Everything has been told and has not come back yet: who asked meanwhile will hear it too. */
  private answering = false;

  constructor(
    private readonly bus: Pick<EventBus, 'tellPeers'>,
    private readonly view: PresenceView,
    private readonly changed: (changes: PresenceChange[]) => void,
  ) {}

  /** To be called regularly. */
  beat(): void {
    this.answering = false;
    for (const peer of this.peers.values()) peer.asked = false;
    this.say({ beat: true });
  }

  tell(changes: PresenceChange[]): void {
    this.version += 1;
    this.say({ changes });
  }

  sayGoodbye(graceMs: number): void {
    this.say({ bye: graceMs });
  }

  gap(): void {
    this.say({ call: true });
  }

  heard(said: unknown): void {
    const words = said as Words;
    if (words.node === this.node) return this.heardMyself(words);
    const peer = this.peer(words.node);
    peer.silent = 0;
    this.takeNews(peer, words);
    if (words.seen) this.learn(words.seen);
    if (words.bye !== undefined) this.waitForItsMembers(peer, words.node, words.bye);
    if (words.version === peer.version && this.informed) peer.asked = false;
    else this.ask(peer, words.node);
    if (words.call) this.say({});
    if (words.ask === this.node) this.answer(words.memory === true);
  }

  private takeNews(peer: Peer, { node, version, all, changes }: Words): void {
    if (version === peer.version) return;
    if (all) this.changed(this.view.replace(node, all));
    else if (changes && version === peer.version + 1) this.changed(this.view.apply(node, changes));
    else return;
    peer.version = version;
  }

  private learn(sightings: Sighting[]): void {
    this.informed = true;
    this.view.seen.learn(sightings);
  }

  /** Not again until it is answered; after a beat the question counts as lost. */
  private ask(peer: Peer, node: string): void {
    if (peer.asked || peer.leaving) return;
    peer.asked = true;
    this.say({ ask: node, memory: !this.informed });
  }

  private answer(memory: boolean): void {
    if (this.answering && !memory) return;
    this.answering = true;
    this.say({ all: this.view.roll(this.node), ...(memory ? { seen: this.view.seen.sightings() } : {}) });
  }

  private heardMyself({ beat, all }: Words): void {
    if (all) this.answering = false;
    if (!beat) return;
    for (const [node, peer] of this.peers) {
      peer.silent += 1;
      if (peer.silent >= SILENT_BEATS && !peer.leaving) this.forget(node);
    }
  }

  private waitForItsMembers(peer: Peer, node: string, graceMs: number): void {
    peer.leaving = true;
    if (graceMs === 0) this.forget(node);
    else setTimeout(() => this.forget(node), graceMs).unref();
  }

  private forget(node: string): void {
    this.peers.delete(node);
    this.changed(this.view.remove(node));
  }

  private peer(node: string): Peer {
    let peer = this.peers.get(node);
    if (!peer) this.peers.set(node, (peer = { version: 0, silent: 0, asked: false, leaving: false }));
    return peer;
  }

  private say(words: Omit<Words, 'node' | 'version'>): void {
    this.bus.tellPeers({ node: this.node, version: this.version, ...words });
  }
}
