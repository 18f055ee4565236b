import { withDeadline } from '@powerfill/platform';
import type { CancelFlags } from './cancel-flags';

/**
 * Shares the sweeping among processes: one of them gets a tenant's turn a period. Only economy: without Redis
 * everyone sweeps, which is safe.
 */
export class SweepTurns {
  constructor(
    private readonly redis: CancelFlags['client'],
    private readonly options: { prefix: string; answerMs: number },
  ) {}

  /** Whether this process is to sweep the tenant now. */
  async take(tenantId: string, periodMs: number): Promise<boolean> {
    const key = `${this.options.prefix}:sweep:${tenantId}`;
    try {
      const taken = this.redis.set(key, '1', 'PX', Math.round(periodMs * 0.9), 'NX');
      return (await withDeadline('taking a sweep', this.options.answerMs, taken)) === 'OK';
    } catch {
      return true;
    }
  }
}
