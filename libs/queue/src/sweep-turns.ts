import { randomUUID } from 'node:crypto';
import { withDeadline } from '@powerfill/platform';
import type { CancelFlags } from './cancel-flags';

/** Whether a process has the tenant's database open anyway (near), or would open it for the sweep (far). */
export type Reach = 'near' | 'far';

/**
 * The turn stays with the process that has it, unless another one is nearer. KEYS: the tenant's turn; ARGV: process, reach,
 * milliseconds after which the turn is anybody's.
 */
const TAKE = `
local holder = redis.call('GET', KEYS[1])
local isMine = holder and string.find(holder, ARGV[1], 1, true) == 1
if holder and not isMine and not (ARGV[2] == 'near' and string.sub(holder, -3) == 'far') then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
return 1`;

/**
 * Periods that a turn is kept. A near one outlives the longest pause between two sweeps of its holder; a far one is
 * anybody's for the next sweep, so that the opening is shared and no process is left with all of it.
 */
const PERIODS_KEPT: Readonly<Record<Reach, number>> = { near: 1.3, far: 0.9 };

/**
 * Shares the sweeping among processes: one of them sweeps a tenant every period. One that has the tenant's database open
 * anyway goes before others and keeps the turn as long as that is so: to open hundreds of databases in turn costs far
 * more than to look into them. Only economy: without Redis everyone sweeps, which is safe.
 */
export class SweepTurns {
  private readonly process = randomUUID();

  constructor(
    private readonly redis: CancelFlags['client'],
    private readonly options: { prefix: string; answerMs: number },
  ) {}

  /** Whether this process is to sweep the tenant now. */
  async take(tenantId: string, periodMs: number, reach: Reach): Promise<boolean> {
    const key = `${this.options.prefix}:sweep:${tenantId}`;
    const keptMs = Math.round(periodMs * PERIODS_KEPT[reach]);
    try {
      const taken = this.redis.eval(TAKE, 1, key, this.process, reach, keptMs);
      return (await withDeadline('taking a sweep', this.options.answerMs, taken)) === 1;
    } catch {
      return true;
    }
  }
}
