import { describe, expect, it } from 'vitest';
import { move, NATURAL, ordered, shown, toggle } from './columns';

const names = ['number', 'state', 'x', 'y', 'condition'];

describe('the columns of a table', () => {
  it('are as they come', () => expect(shown(names, NATURAL)).toEqual(names));
  it('are moved before another one, or to the end', () => {
    expect(shown(names, move(names, NATURAL, 'y', 'state'))).toEqual(['number', 'y', 'state', 'x', 'condition']);
    expect(shown(names, move(names, NATURAL, 'state', ''))).toEqual(['number', 'x', 'y', 'condition', 'state']);
    expect(move(names, NATURAL, 'x', 'x')).toBe(NATURAL);
  });
  it('are hidden and shown again in their place', () => {
    const without = toggle(NATURAL, 'x');
    expect(shown(names, without)).toEqual(['number', 'state', 'y', 'condition']);
    expect(ordered(names, without)).toEqual(names);
    expect(shown(names, toggle(without, 'x'))).toEqual(names);
  });
  it('that come later stand beside those that they come after, and those that are gone are passed over', () => {
    const layout = move(names, NATURAL, 'y', 'number');
    expect(ordered(['number', 'state', 'x', 'y', 'note', 'condition'], layout)).toEqual(['y', 'note', 'number', 'state', 'x', 'condition']);
    expect(ordered(['first', 'state', 'y'], layout)).toEqual(['first', 'y', 'state']);
  });
});
