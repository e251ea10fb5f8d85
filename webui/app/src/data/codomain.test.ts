import { describe, expect, it } from 'vitest';
import { bestSoFar, improving, paretoFront } from './codomain';
import { Column } from './column';
import { finish } from './steps';

function column(values: number[]): Column {
  const c = new Column('ys', 'y', '');
  const cells = { role: 'ys', name: 'y', unit: '', kind: 'float', length: values.length, numbers: Float64Array.from(values) } as const;
  c.accept(cells);
  c.put(Int32Array.from(values.keys()), cells, undefined);
  return c;
}
const min = { name: 'y', goal: 'minimize' } as const;
const max = { name: 'y', goal: 'maximize' } as const;

describe('what is better', () => {
  it('follows the best so far', () => {
    const y = column([NaN, 3, 5, 1, NaN, 2]);
    const all = Uint32Array.from([0, 1, 2, 3, 4, 5]);
    expect(Array.from(bestSoFar(all, y, min))).toEqual([NaN, 3, 3, 1, 1, 1]);
    expect(Array.from(bestSoFar(all, y, max))).toEqual([NaN, 3, 5, 5, 5, 5]);
    expect(finish(improving(all, y, max))).toEqual({ at: [1, 2], values: [3, 5] });
    expect(finish(improving(Uint32Array.of(0), y, min)).at).toEqual([]);
  });

  it('finds the front of two objectives', () => {
    const a = column([1, 2, 3, 2, 1, NaN, 4]);
    const b = column([5, 3, 1, 4, 5, 0, 1]);
    const all = Uint32Array.from([0, 1, 2, 3, 4, 5, 6]);
    expect(Array.from(paretoFront(all, a, b, [min, min]))).toEqual([0, 4, 1, 2]);
    expect(Array.from(paretoFront(all, a, b, [max, min]))).toEqual([6]);
  });
});
