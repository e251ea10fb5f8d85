import { describe, expect, it } from 'vitest';
import { stream, types } from '../../test/arrow';
import { decode } from './decode';
import { compile, nameIn } from './expression';
import { TaskStore } from './store';

const store = new TaskStore();
store.load(
  decode(
    stream([
      { name: 'number', type: types.int, values: [0n, 1n, 2n, 3n] },
      { name: 'state', type: types.text, values: ['finished', 'failed', 'finished', 'queued'] },
      { name: 'a-b', role: 'xs', type: types.float, values: [1, 2, null, 4] },
      { name: 'svm.kernel', role: 'xs', type: types.text, values: ['rbf', null, 'linear', 'rbf'] },
      { name: 'y', role: 'ys', type: types.float, values: [0.5, null, -2, null] },
      { name: 'ok', role: 'ys', type: types.bool, values: [true, false, null, true] },
      { name: 'big', role: 'xs', type: types.int, values: [2n ** 60n, 2n ** 60n + 1n, 0n, null] },
      { name: 'two words', role: 'xs', type: types.float, values: [1, 2, 3, 4] },
      { name: 'constructor', role: 'xs', type: types.float, values: [1, 2, 3, 4] },
    ]),
  ),
);

function meets(source: string): number[] {
  const test = compile(source, store)!;
  return [0, 1, 2, 3].filter(test);
}

describe('a filter', () => {
  it.each([
    ['y < 1', [0, 2]],
    ['constructor > 2', [2, 3]],
    ['not (y < 1)', []],
    ['y == nil', [1, 3]],
    ['y != nil and y > -1e0', [0]],
    ['state == "failed" or number >= 3', [1, 3]],
    ['state in ["failed", "queued"]', [1, 3]],
    ['state not in ["failed", "queued"]', [0, 2]],
    ['a-b > 1', [1, 3]],
    ['a-b - 1 == 1', [1]],
    ['svm.kernel == "rbf" && ok', [0, 3]],
    ['svm.kernel matches "^li"', [2]],
    ["state contains 'ish'", [0, 2]],
    ['big == 1152921504606846977', [1]],
    ['$env["two words"] ^ 2 == 9', [2]],
    ['!ok', [1]],
    ['2 + 3 * number == 8', [2]],
  ])('%s', (source, want) => expect(meets(source)).toEqual(want));

  it('that is empty lets everything through', () => expect(compile('  ', store)).toBe(null));

  it.each([
    ['y <', 'expected a column, a number, or a text in quotes, found the end'],
    ['yy < 3', 'there is no column “yy”'],
    ['y < 3 x', 'expected “and”, “or” or the end'],
    ['y § 2', '“§” is no part of an expression'],
    ['state in ["a" "b"]', 'expected “,”'],
  ])('says what is wrong with %s', (source, want) => expect(() => compile(source, store)).toThrow(want));

  it('writes names that need quotes with them', () => {
    expect(nameIn('x1')).toBe('x1');
    expect(nameIn('two words')).toBe('$env["two words"]');
    expect(nameIn('in')).toBe('$env["in"]');
  });
});
