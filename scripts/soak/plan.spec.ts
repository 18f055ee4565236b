import { soakSize } from './plan';

describe('the arguments of the soak', () => {
  it('have the size of the issue unless said', () => {
    expect(soakSize(['--seed', '7'])).toEqual({
      tenants: 10,
      workers: 3,
      submissions: 200,
      cancels: 100,
      loans: 200,
      trades: 12,
      seed: 7,
    });
  });

  it('may ask for the usage only', () => {
    expect(soakSize(['--help'])).toBeUndefined();
  });

  it.each([
    [['--tenants', 'x'], '--tenants must be a whole number from 1 to 500; it is "x".'],
    [['--workers', '0'], '--workers must be a whole number from 1 to 20; it is "0".'],
    [['--bogus'], "Unknown option '--bogus'"],
  ])('%j are refused: %s', (args, message) => {
    expect(() => soakSize(args)).toThrow(message);
  });
});
