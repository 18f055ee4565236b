import { poolRow } from '../steps/allocation/step-fixtures';
import { PoolBook } from './pool-book';

const guide = (trade: string | null, lock: string, source: string) => [
  { pool_name: 'P', trade_id: trade, lock_pool: lock, source },
];
const related = (...trades: string[]) => trades.map((trade_id) => ({ trade_id, pool_name: 'P' }));

const stateOf = (status: string, lockdown: ReturnType<typeof guide> | [], tradePools = related('T1')) => {
  const state = new PoolBook({ pools: [poolRow('P', { status })], tradePools, lockdown }).stateOf('P');
  return [state?.tradeId, state?.lock];
};

describe('pools today', () => {
  it('are free while open and closed both ways afterwards', () => {
    expect(stateOf('open', [])).toEqual(['T1', 'N']);
    expect(stateOf('submitted', [])).toEqual(['T1', 'Y']);
    expect(stateOf('certified', [])).toEqual(['T1', 'Y']);
    expect(stateOf('issued', [])).toEqual(['T1', 'Y']);
  });

  it('obey a user row over everything upstream says', () => {
    expect(stateOf('issued', guide('T2', 'N', 'user'))).toEqual(['T2', 'N']);
    expect(stateOf('open', guide(null, 'O', 'user'))).toEqual(['T1', 'O']);
  });

  it('take an upstream row only where status and relation are silent', () => {
    expect(stateOf('open', guide('T2', 'O', 'upstream'))).toEqual(['T1', 'O']);
    expect(stateOf('issued', guide('T2', 'N', 'upstream'), [])).toEqual(['T2', 'Y']);
  });

  it('designated twice belong to the first trade by id, and say so', () => {
    const book = new PoolBook({ pools: [poolRow('P')], tradePools: related('T2', 'T1'), lockdown: [] });
    expect(book.stateOf('P')).toMatchObject({ tradeId: 'T1', otherTradeIds: ['T2'] });
  });

  it('that no table names are open and undesignated; no pool is null', () => {
    const book = new PoolBook({ pools: [], tradePools: [], lockdown: [] });
    expect(book.stateOf('X')).toMatchObject({ tradeId: null, lock: 'N', pool: null });
    expect([book.stateOf(null), book.stateOf('')]).toEqual([null, null]);
  });
});
