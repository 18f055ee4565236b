import { ACTIVE_RUN_PREDICATE, runHistoryTable } from '../entities';
import { ACTIVE_STATUSES, isTerminal, RUN_STATUSES, TERMINAL_STATUSES, TRANSITIONS } from './run-status';

describe('run statuses', () => {
  it('are active or terminal, never both', () => {
    expect([...ACTIVE_STATUSES, ...TERMINAL_STATUSES].sort()).toEqual([...RUN_STATUSES].sort());
  });

  it('are never left once terminal, and every active one can fail or be cancelled', () => {
    for (const status of RUN_STATUSES) {
      if (isTerminal(status)) expect(TRANSITIONS[status]).toEqual([]);
      else expect(TRANSITIONS[status]).toEqual(expect.arrayContaining(['Failed', 'Cancelled']));
    }
  });

  it('stand in the filtered unique index string for string', () => {
    expect(ACTIVE_RUN_PREDICATE).toBe("status IN ('Pending', 'PreProcessing', 'Allocating', 'PostProcessing')");
    expect(runHistoryTable.indexes.filter((index) => index.unique).map((index) => index.where)).toEqual([
      ACTIVE_RUN_PREDICATE,
    ]);
  });
});
