import { describe, expect, it } from 'vitest';
import { Column, type Cells } from './column';
import { spread } from './spread';

function column(cells: Partial<Cells> & { kind: Cells['kind']; length: number }): Column {
  const c = new Column('xs', 'x', '');
  const all = { role: 'xs', name: 'x', unit: '', ...cells } as Cells;
  const codes = c.accept(all);
  c.put(Int32Array.from({ length: cells.length }, (_, i) => i), all, codes);
  return c;
}

describe('the spread of a column', () => {
  it('of numbers has their range and how many lie where', () => {
    const { range, bins } = spread(column({ kind: 'float', length: 5, numbers: Float64Array.of(0, 0, 0, 8, NaN) }), 5);
    expect(range).toBe('0 … 8');
    expect([bins.length, bins[0], bins[1], bins[15]]).toEqual([16, 1, 0, 1 / 3]);
  });
  it('of one value is that value', () => {
    expect(spread(column({ kind: 'int', length: 2, numbers: Float64Array.of(7, 7) }), 2)).toEqual({ range: 'always 7', bins: [] });
    expect(spread(column({ kind: 'float', length: 1, numbers: Float64Array.of(NaN) }), 1).range).toBe('no numbers');
  });
  it('of texts has the commonest first', () => {
    const c = column({ kind: 'text', length: 4, codes: Int32Array.of(0, 1, 1, -1), dict: ['a', 'b'] });
    expect(spread(c, 4)).toEqual({ range: '2 different', bins: [1, 0.5] });
  });
});
