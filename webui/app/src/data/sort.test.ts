import { describe, expect, it } from 'vitest';
import { rows, stream, types } from '../../test/arrow';
import { Column } from './column';
import { decode } from './decode';
import { sortRows } from './sort';
import { TaskStore } from './store';
import { arrange, EVERYTHING } from './view';

function columnOf(values: (number | null)[]): [Column, Uint32Array] {
  const column = new Column('ys', 'y', '');
  const cells = { role: 'ys', name: 'y', unit: '', kind: 'float', length: values.length, numbers: Float64Array.from(values, (v) => v ?? NaN) } as const;
  column.accept(cells);
  column.put(Int32Array.from(values.keys()), cells, undefined);
  return [column, Uint32Array.from(values.keys())];
}

describe('sorting rows', () => {
  it('orders every kind of float, and what is missing last', () => {
    const values = [3, null, -0.5, 0, Infinity, -Infinity, 1e-300, -1e300, 2, -0, null];
    const [column, all] = columnOf(values);
    const sorted = (descending: boolean) => Array.from(sortRows(all, { column, descending }), (r) => values[r]);
    expect(sorted(false)).toEqual([-Infinity, -1e300, -0.5, 0, -0, 1e-300, 2, 3, Infinity, null, null]);
    expect(sorted(true)).toEqual([Infinity, 3, 2, 1e-300, 0, -0, -0.5, -1e300, -Infinity, null, null]);
  });

  it('is stable', () => {
    const [column, all] = columnOf([1, 0, 1, 0, 1]);
    expect(Array.from(sortRows(all, { column, descending: false }))).toEqual([1, 3, 0, 2, 4]);
    expect(Array.from(sortRows(all, { column, descending: true }))).toEqual([0, 2, 4, 1, 3]);
  });

  it('orders texts as people do, and big integers exactly', () => {
    const store = new TaskStore();
    const base = 2n ** 60n;
    store.load(
      decode(
        stream([
          { name: 'number', type: types.int, values: [0n, 1n, 2n, 3n] },
          { name: 'w', type: types.text, values: ['w10', 'w9', null, 'a'] },
          { name: 'id', role: 'xs', type: types.int, values: [base + 2n, base + 1n, null, base] },
        ]),
      ),
    );
    const by = (name: string, descending = false) => Array.from(arrange(store, EVERYTHING, { column: store.named(name)!, descending }));
    expect(by('w')).toEqual([3, 1, 0, 2]);
    expect(by('id')).toEqual([3, 1, 0, 2]);
    expect(by('id', true)).toEqual([0, 1, 3, 2]);
    expect(by('number', true)).toEqual([3, 2, 1, 0]);
  });

  it('agrees with the language on random numbers', () => {
    let seed = 7;
    const next = () => (seed = (Math.imul(seed, 48271) >>> 0) % 0x7fffffff) / 0x7fffffff - 0.5;
    const values = Array.from({ length: 5000 }, () => next() * 10 ** Math.round(next() * 40));
    const [column, all] = columnOf(values);
    expect(Array.from(sortRows(all, { column, descending: false }), (r) => values[r])).toEqual(values.slice().sort((a, b) => a - b));
  });

  it('sorts a million rows', () => {
    let seed = 1;
    const next = () => (seed = (Math.imul(seed, 48271) >>> 0) % 0x7fffffff) / 0x7fffffff;
    const [column, all] = columnOf(Array.from({ length: 1_000_000 }, next));
    sortRows(all, { column, descending: false });
    const began = performance.now();
    const sorted = sortRows(all, { column, descending: true });
    console.log(`sort 1M floats: ${(performance.now() - began).toFixed(0)} ms`);
    for (let i = 1; i < sorted.length; i++) if (column.number(sorted[i - 1]) < column.number(sorted[i])) throw new Error('not sorted');
  });

  it('starts from the order of the numbers', () => {
    const store = new TaskStore();
    store.load(decode(rows([5, 2, 9], 'queued', [1, 1, 0])));
    expect(Array.from(arrange(store, EVERYTHING, null), (r) => store.number(r))).toEqual([2, 5, 9]);
    expect(Array.from(arrange(store, EVERYTHING, { column: store.named('y')!, descending: false }), (r) => store.number(r))).toEqual([9, 2, 5]);
  });
});
