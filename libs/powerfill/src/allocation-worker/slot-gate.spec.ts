import { SlotGate } from './slot-gate';

describe('SlotGate', () => {
  const never = new AbortController().signal;

  it('lets the next one in when a holder leaves, in the order they came', async () => {
    const gate = new SlotGate(1);
    const seen: string[] = [];
    const leave = await gate.enter(never);
    const second = gate.enter(never).then((leaveSecond) => {
      seen.push('second');
      leaveSecond();
    });
    const third = gate.enter(never).then(() => seen.push('third'));
    seen.push('first');
    leave();
    await Promise.all([second, third]);
    expect(seen).toEqual(['first', 'second', 'third']);
  });

  it('forgets one who gives up waiting', async () => {
    const gate = new SlotGate(1);
    const leave = await gate.enter(never);
    const impatient = new AbortController();
    const waiting = gate.enter(impatient.signal);
    impatient.abort(new Error('gave up'));
    await expect(waiting).rejects.toThrow('gave up');
    leave();
    // Had the slot gone to the one who left, this would wait for ever.
    await expect(gate.enter(never)).resolves.toBeInstanceOf(Function);
  });
});
