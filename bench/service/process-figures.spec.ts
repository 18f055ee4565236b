import { Metrics } from '@powerfill/platform';
import { figuresOf } from './process-figures';

describe('figuresOf', () => {
  it('reads what the metrics of a process say, step by step', async () => {
    const metrics = new Metrics();
    metrics.peakResidentBytes.set(1_500_000_000);
    metrics.eventLoopStallSeconds.set(0.25);
    metrics.stepOwnStallSeconds.set({ step: 'ue' }, 0.1);
    metrics.stepOwnStallSeconds.set({ step: 'ue (writing)' }, 0.25);
    expect(figuresOf(await metrics.registry.metrics())).toEqual({
      peakBytes: 1_500_000_000,
      worstStall: 0.25,
      stallByStep: new Map([
        ['ue', 0.1],
        ['ue (writing)', 0.25],
      ]),
    });
  });

  it('says which figure a process does not give', () => {
    expect(() => figuresOf('up 1\n')).toThrow('powerfill_peak_resident_bytes');
  });
});
