type Task = () => Promise<void> | void;

/** Runs the tasks of one client one after another, in the order they came. */
export class SerialTasks {
  /** What waits for the running task to end; null when none is running. */
  private waiting: Task[] | null = null;

  constructor(private readonly limit: number) {}

  /** False when too many tasks wait already; the task is then not taken. A task must not throw. */
  add(task: Task): boolean {
    if (this.waiting === null) void this.run(task);
    else if (this.waiting.length < this.limit) this.waiting.push(task);
    else return false;
    return true;
  }

  private async run(first: Task): Promise<void> {
    this.waiting = [];
    for (let task: Task | undefined = first; task; task = this.waiting.shift()) await task();
    this.waiting = null;
  }
}
