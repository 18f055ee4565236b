import { isLoopback } from './loopback-only';

describe('the guard of the queue dashboard', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('lets %s in', (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  it.each(['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '128.0.0.1', '127.0.0.1.example', '', undefined])(
    'keeps %s out',
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );
});
