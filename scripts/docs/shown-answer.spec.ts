import { faultsOf, readAnswers, readShown } from './shown-answer';

const faults = (shown: string, output: string): string[] => faultsOf(readShown(shown), readAnswers(output));

describe('what a page shows of an answer', () => {
  const real =
    '{"id": "0cd31d8a-4f4b-4c64-97ad-43bf9055b5ac", "n": 2, "items": [{"a": "x"}, {"a": "y"}], "none": null}';

  it('may leave out members and items where it says so', () => {
    expect(faults('{"n": 2,\n  "items": [{"a": "x"}, …], …}', real)).toEqual([]);
    expect(faults('{"id": "e9f6f39d-…", "n": 2, "items": […], "none": null}', real)).toEqual([]);
  });

  it.each([
    ['{"n": 3, …}', '$.n: shown 3, but is 2'],
    ['{"items": [{"a": "z"}, …], …}', '$.items[0].a: shown "z", but is "x"'],
    ['{"items": [{"a": "x"}], …}', '$.items: shown 1 items, but there are 2'],
    ['{"id": "0cd31d8a-…", "n": 2, "items": […]}', '$.none: not shown, and no … in its place'],
    ['{"gone": 1, …}', '$.gone: shown 1, but is undefined'],
    ['{"id": "12", …}', '$.id: shown "12", but is "0cd31d8a-4f4b-4c64-97ad-43bf9055b5ac"'],
  ])('is at fault with %s', (shown, fault) => {
    expect(faults(shown, real)).toEqual([fault]);
  });

  it('passes over answers with a line of its own', () => {
    const three = '{"a": 1}\nloan_id,amount\n{"b": 2}\n';
    expect(faults('…\n{"b": 2}', three)).toEqual([]);
    expect(faults('{"a": 1}\nloan_id,am…\n…', three)).toEqual([]);
    expect(faults('{"a": 1}', three)).toEqual(['2 more answers are not shown']);
    expect(faults('…\n{"b": 3}', three)).toEqual(['$.b: shown 3, but is 2']);
  });
});
