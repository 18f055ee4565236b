import { jsonFault } from './json-fault';

const faultOf = (text: string) => {
  try {
    JSON.parse(text);
  } catch (error) {
    return jsonFault(text, (error as Error).message);
  }
  throw new Error('valid JSON');
};

describe('the place of a fault in JSON', () => {
  it.each([
    ['{"seed": }', 9],
    ['{"seed": 1', 10],
    ['{"seed": 1,}', 11],
    ["{'seed': 1}", 1],
    ['{"seed": 01}', 10],
    ['{"a": "x\ny"}', 8],
    ['{"a": nul}', 9],
    ['[1 2]', 3],
    ['{"a":1} x', 8],
  ])('is found in %j at %d', (text, position) => {
    expect(faultOf(text)?.position).toBe(position);
  });

  it('is told by line and column', () => {
    // The second line begins after the line break; its fourth character is the bad one.
    expect(faultOf('{\n  !\n}')).toEqual({ line: 2, column: 3, position: 4 });
  });
});
