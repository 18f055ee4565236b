/** Whether this process still wants new requests. */
export class Readiness {
  private stopping = false;

  get isStopping(): boolean {
    return this.stopping;
  }

  /** From now on the readiness check fails, so that no new requests are sent here. */
  stop(): void {
    this.stopping = true;
  }
}
