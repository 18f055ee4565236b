import { computed, CONTENT } from './report-column';
import { rowRequest } from './row-request';
import { selectedRows } from './selected-rows';

interface Row {
  readonly id: string;
  readonly amount: string | null;
  readonly locked?: boolean;
}

const columns = [
  computed<Row>('id', CONTENT.code, ({ id }) => id),
  computed<Row>('amount', CONTENT.dollars, ({ amount }) => amount),
  computed<Row>('locked', CONTENT.flag, ({ locked = false }) => locked),
  computed<Row>('members', CONTENT.json, () => []),
];
const rows: readonly Row[] = [
  { id: 'A', amount: '100.50' },
  { id: 'B', amount: null },
  { id: 'C', amount: '9.00', locked: true },
  { id: 'D', amount: '100.50' },
];
const found = (sort: string | undefined, ...filter: string[]): string =>
  selectedRows(columns, rows, rowRequest(columns, sort, filter))
    .map(({ id }) => id)
    .join('');

describe('sort', () => {
  it('compares amounts as numbers, keeps the order of equal rows and puts missing values last', () => {
    // As text "9.00" would come behind "100.50".
    expect([found('amount'), found('-amount'), found('-amount,-id')]).toEqual(['CADB', 'ADCB', 'DACB']);
  });
});

describe('filter', () => {
  it.each([
    ['amount:eq:100.5', 'AD'],
    ['amount:ne:100.5', 'BC'],
    ['amount:lt:100.50', 'C'],
    ['amount:lte:100.50', 'ACD'],
    ['amount:gt:9', 'AD'],
    ['amount:gte:9', 'ACD'],
    ['id:in:B,D', 'BD'],
    ['amount:null:', 'B'],
    ['amount:notnull', 'ACD'],
    ['locked:eq:true', 'C'],
  ])('%s finds %s', (filter, ids) => {
    expect(found(undefined, filter)).toBe(ids);
  });

  it('holds all conditions together', () => {
    expect(found('-id', 'amount:gte:9', 'id:ne:A')).toBe('DC');
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['price', [], 'query.sort names no column "price"; there are id, amount, locked'],
    ['members', [], 'names no column "members"'],
    ['id,-id', [], 'query.sort must not name a column twice'],
    [undefined, ['amount'], 'query.filter must be column:operator:value'],
    [undefined, ['amount:like:1'], 'query.filter must be column:operator:value'],
    [undefined, ['amount:gt:1.005'], 'query.filter must compare amount with a decimal number of at most 2 places'],
    [undefined, ['id:eq:A', 'locked:eq:1'], 'query.filter[1] must compare locked with true or false'],
    [undefined, ['amount:null:1'], 'query.filter takes no value behind null'],
    [undefined, Array.from({ length: 11 }, () => 'id:eq:A'), 'query.filter must be given at most 10 times'],
  ])('sort %p and filter %p: %s', (sort, filter, message) => {
    expect(() => rowRequest(columns, sort, filter)).toThrow(message);
  });
});
