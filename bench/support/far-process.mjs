import { fileURLToPath } from 'node:url';
import { start } from './processes.mjs';

/** The bench's hand in a process of its own, which does what it is told and reports what it saw. */
export class FarProcess {
  #process;
  #name;
  #open = new Map();
  #last = 0;

  constructor(name, file) {
    this.#name = name;
    this.#process = start(process.execPath, [fileURLToPath(file)], { ipc: true });
    const { child, output } = this.#process;
    child.on('message', ({ id, result, error }) => {
      const { resolve, reject } = this.#open.get(id);
      this.#open.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(`In ${this.#name}: ${error}`));
    });
    child.on('exit', () => {
      for (const { reject } of this.#open.values()) reject(new Error(`${this.#name} ended.\n${output()}`));
    });
  }

  ask(command, options = {}) {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#process.child.send({ id, command, options });
    });
  }

  stop() {
    return this.#process.stop();
  }
}
