import { setTimeout as pause } from 'node:timers/promises';
import { type Stall, StallMonitor } from './stall-monitor';

/** Holds up the event loop. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('StallMonitor', () => {
  let stalls: Stall[];
  let monitor: StallMonitor;

  beforeEach(() => {
    stalls = [];
    monitor = new StallMonitor((stall) => stalls.push(stall));
  });
  afterEach(() => monitor.stop());

  it('names the work that held up the event loop, also when it ended in the same turn', async () => {
    await monitor.during('ue', async () => {
      await pause(30);
      block(300);
    });
    await pause(30);
    expect(stalls.map(({ during }) => during)).toContainEqual(['ue']);
    expect(monitor.maxMs).toBeGreaterThan(200);
    expect(monitor.byWork.get('ue')?.maxMs).toBe(monitor.maxMs);
    expect(stalls[0]?.cpuMs).toBeGreaterThan(0);
  });

  it('does not blame work that ended before or began after the stall', async () => {
    await monitor.during('input', () => pause(30));
    await pause(50);
    block(300);
    await pause(50);
    await monitor.during('allocation', () => pause(30));
    expect(stalls.flatMap(({ during }) => during)).toEqual([]);
    expect(stalls.length).toBeGreaterThan(0);
  });

  it('tells a stall in which the process worked from one in which it only waited', async () => {
    const sleep = new Int32Array(new SharedArrayBuffer(4));
    await monitor.during('waiting', async () => {
      await pause(30);
      Atomics.wait(sleep, 0, 0, 300);
    });
    await pause(30);
    const { maxMs = 0, maxOwnMs = 0 } = monitor.byWork.get('waiting') ?? {};
    expect(maxMs).toBeGreaterThan(200);
    expect(maxOwnMs).toBeLessThan(maxMs / 2);
  });

  it('keeps a name while another run is still at the same step', async () => {
    const long = monitor.during('ue', () => pause(400));
    await monitor.during('ue', () => pause(10));
    await pause(50);
    block(300);
    await long;
    expect(stalls.flatMap(({ during }) => during)).toContain('ue');
  });
});
