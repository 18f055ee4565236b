/** Lets a fixed number of holders in at a time, the others in the order they came. */
export class SlotGate {
  private readonly queue: (() => void)[] = [];

  constructor(private free: number) {}

  /**
   * Waits for a slot. @returns the function that gives it back, to be called once
   * @throws the reason of `signal` when it is aborted before a slot is free
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.free > 0) this.free -= 1;
    else await this.turn(signal);
    return () => this.leave();
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.queue.splice(this.queue.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.queue.push(enter);
    });
  }

  private leave(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.free += 1;
  }
}
