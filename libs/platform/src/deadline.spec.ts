import { DeadlineError, withDeadline } from './deadline';

describe('withDeadline', () => {
  it('passes a result through', async () => {
    await expect(withDeadline('work', 1000, Promise.resolve(7))).resolves.toBe(7);
  });

  it('passes an error through', async () => {
    await expect(withDeadline('work', 1000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('ends a wait that has no end, naming what it waited for', async () => {
    const never = new Promise(() => undefined);
    await expect(withDeadline('Redis', 20, never)).rejects.toThrow(new DeadlineError('Redis', 20));
  });
});
