import { EventBus } from './event-bus.js';

/** The bus of a node that works alone: there is nobody else to tell. */
export class LocalBus extends EventBus {
  tellPeers(): void {}
  protected publishToOthers(): void {}
  protected signalOthers(): void {}
}
