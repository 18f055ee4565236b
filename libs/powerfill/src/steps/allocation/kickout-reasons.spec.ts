import { CHECK_ORDER } from '../../eligibility/check-codes';
import { kickoutReason } from './kickout-reasons';

const checked = { holdReason: null, nearestTradeId: null, allocated: false };
const allocated = { ...checked, allocated: true };

describe('kickoutReason', () => {
  it('has plain words for every check an eligible loan can fail at a trade', () => {
    const notAtTrade = new Set([
      'OUT_OF_SCOPE',
      'NOT_AVAILABLE',
      'STAGE_BELOW_MIN',
      'LOCK_EXPIRED',
      'POOL_TRADE_NOT_IN_RUN',
      'RULE',
    ]);
    const without = CHECK_ORDER.filter((code) => !notAtTrade.has(code) && kickoutReason(code, checked).includes(code));
    expect(without).toEqual([]);
  });

  it.each(['NO_ROOM', 'BELOW_RESERVATION', 'MINIMUM_NOT_REACHED', 'SWITCH_NOT_WORTH_IT', 'NOT_FOUND'])(
    'has plain words for %s of the allocation',
    (code) => {
      expect(kickoutReason(code, allocated)).not.toContain(code);
    },
  );

  it.each([
    ['RULE:no_mh', checked, 'Fails the rule no_mh.'],
    ['RULE:fico (no data)', checked, 'An attribute that the rule fico reads is missing.'],
    ['LIMIT:hb@T1', allocated, 'Would break the limit hb@T1.'],
    ['TAKEN_BY_PRIORITY:best efforts', allocated, 'Its room went to loans of the earlier constraint best efforts.'],
    ['HELD', { ...checked, holdReason: 'appraisal' }, 'On hold in the loan system: appraisal.'],
    ['DELINQUENT', { ...checked, nearestTradeId: 'T1' }, 'Too many days past due. Got furthest at: T1.'],
  ])('reads %s as a sentence', (code, facts, sentence) => {
    expect(kickoutReason(code, facts)).toBe(sentence);
  });

  it('never passes the column', () => {
    expect(kickoutReason('HELD', { ...checked, holdReason: 'x'.repeat(500) })).toHaveLength(400);
  });
});
