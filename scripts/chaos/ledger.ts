/** A submission that was answered 202. */
export interface Promised {
  readonly tenant: string;
  readonly runId: string;
  readonly key: string;
}

/** What callers were told; held against the databases afterwards. */
export class Ledger {
  readonly accepted: Promised[] = [];
  /** Runs whose cancel was answered 202. */
  readonly cancelled: Promised[] = [];
  readonly violations: string[] = [];
  /** Answers by status; 0 = no answer (the process was killed, the connection cut). */
  readonly answers = new Map<string, number>();
  /** Longest answer by kind of call, milliseconds. */
  readonly longest = new Map<string, number>();
  submissions = 0;
  private readonly byKey = new Map<string, string>();

  /** One key, one run, however often it is sent. */
  accept(promised: Promised): void {
    const id = `${promised.tenant} ${promised.key}`;
    const known = this.byKey.get(id);
    if (known === undefined) {
      this.byKey.set(id, promised.runId);
      this.accepted.push(promised);
    } else if (known !== promised.runId) {
      this.violations.push(`Idempotency-Key ${id} stands for two runs: ${known} and ${promised.runId}`);
    }
  }

  note(call: string, status: number, ms: number): void {
    const name = `${call} ${status === 0 ? 'no answer' : status}`;
    this.answers.set(name, (this.answers.get(name) ?? 0) + 1);
    // A frozen or killed process does not answer; that is the fault, not the answer.
    if (status !== 0) this.longest.set(call, Math.max(this.longest.get(call) ?? 0, ms));
  }
}
