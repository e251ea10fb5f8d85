import { describe, expect, it } from 'vitest';
import { stream, types } from '../../test/arrow';
import { Curves } from '../data/curves';
import { decode } from '../data/decode';
import { TaskStore } from '../data/store';
import { finish } from '../data/steps';
import { bestOf, byShare, crowd, curvesOf, extents, lastOf, nearest, quantileRow, uneven, wide, type Curve, type Ending } from './curves';
import { scale } from './scale';

/** Reports as the server sends them: [task, attempt, step, state, loss]. */
function reported(...rows: [number, number, number, string, number | null][]): Uint8Array {
  return stream([
    { name: 'number', type: types.int, values: rows.map((r) => BigInt(r[0])) },
    { name: 'attempt', type: types.int, values: rows.map((r) => BigInt(r[1])) },
    { name: 'step', type: types.int, values: rows.map((r) => BigInt(r[2])) },
    { name: 'state', type: types.text, values: rows.map((r) => r[3]) },
    { name: 'loss', type: types.float, role: 'ys', values: rows.map((r) => r[4]) },
  ]);
}

/** Tasks: [number, state, attempt, stopped_at]. */
function tasks(...rows: [number, string, number, number | null][]): TaskStore {
  const store = new TaskStore();
  const bytes = stream([
    { name: 'number', type: types.int, values: rows.map((r) => BigInt(r[0])) },
    { name: 'state', type: types.text, values: rows.map((r) => r[1]) },
    { name: 'attempt', type: types.int, values: rows.map((r) => BigInt(r[2])) },
    { name: 'stopped_at', type: types.int, role: 'ys_extra', values: rows.map((r) => (r[3] === null ? null : BigInt(r[3]))) },
  ]);
  store.load(decode(bytes));
  return store;
}

function taken(...streams: Uint8Array[]): Curves {
  const curves = new Curves();
  for (const bytes of streams) for (const rows of decode(bytes)) curves.take(rows);
  return curves;
}

const curve = (number: number, ending: Ending, xs: number[], ys: number[]): Curve => ({ number, row: number, ending, marked: true, xs: Float64Array.from(xs), ys: Float64Array.from(ys) });

describe('what tasks reported', () => {
  it('is a curve each; what comes later of a task takes the place of what it had', () => {
    const curves = taken(reported([3, 1, 1, 'finished', 5], [3, 1, 2, 'finished', 4], [1, 1, 1, 'running', 9]), reported([1, 1, 1, 'finished', 9], [1, 1, 2, 'finished', null], [1, 1, 3, 'finished', 7]));
    expect(curves.outputs).toEqual(['loss']);
    expect(curves.reports).toBe(5);
    const all = finish(curvesOf(curves, tasks([1, 'finished', 1, null], [3, 'finished', 1, 2]), null, null, 'loss'));
    expect(all.map((c) => [c.number, c.ending, [...c.xs], [...c.ys]])).toEqual([
      [1, 'finished', [1, 2, 3], [9, NaN, 7]],
      [3, 'stopped', [1, 2], [5, 4]],
    ]);
    expect(finish(curvesOf(curves, tasks([1, 'finished', 1, null]), null, null, 'other'))).toEqual([]);
  });

  it('is of the tasks that are shown, by how they stand', () => {
    const curves = taken(reported([0, 1, 1, 'finished', 1], [1, 1, 1, 'running', 1], [2, 1, 1, 'failed', 1], [3, 1, 1, 'finished', 1], [4, 2, 1, 'running', 1], [5, 1, 1, 'running', 1], [9, 1, 1, 'finished', 1]));
    // 3 runs again, 4 does in the reports already, 5 has ended since, 9 is not there
    const store = tasks([0, 'finished', 1, null], [1, 'running', 1, null], [2, 'failed', 1, null], [3, 'running', 2, null], [4, 'failed', 1, null], [5, 'finished', 1, null]);
    expect(finish(curvesOf(curves, store, null, null, 'loss')).map((c) => [c.number, c.ending])).toEqual([
      [0, 'finished'], [1, 'running'], [2, 'failed'], [4, 'running'], [5, 'running'],
    ]);
    const rows = Uint32Array.of(store.row(0), store.row(2));
    expect(finish(curvesOf(curves, store, rows, Uint8Array.of(0, 1), 'loss')).map((c) => [c.number, c.marked])).toEqual([[0, false], [2, true]]);
  });
});

describe('learning curves', () => {
  const some = [curve(0, 'finished', [1, 2, 4], [8, 4, 2]), curve(1, 'stopped', [1, 2], [9, 1]), curve(2, 'finished', [1, 8], [8, 3]), curve(3, 'running', [1, 2], [7, NaN])];

  it('have a best one, which was not stopped early', () => {
    expect(bestOf(some, { name: 'loss', goal: 'minimize' })?.number).toBe(0);
    expect(bestOf(some, { name: 'loss', goal: 'maximize' })?.number).toBe(2);
    expect(bestOf(some, { name: 'loss', goal: 'record' })).toBeNull();
    expect(bestOf(some.slice(1, 2), { name: 'loss', goal: 'minimize' })?.number).toBe(1);
    expect(lastOf(some[3])).toEqual({ x: 1, y: 7 });
  });

  it('can lie over the share of their steps', () => {
    expect(uneven(some)).toBe(true);
    expect(byShare(some, null).map((c) => [...c.xs])).toEqual([[0.25, 0.5, 1], [0.125, 0.25], [0.125, 1], [0.125, 0.25]]);
  });

  it('know their extents, also those that a logarithm can show', () => {
    expect(finish(extents(some, false, false))).toEqual({ x: { low: 1, high: 8 }, y: { low: 1, high: 9 } });
    expect(finish(extents([curve(0, 'finished', [0, 1], [-1, 5])], true, true))).toEqual({ x: { low: 1, high: 1 }, y: { low: 5, high: 5 } });
    expect(wide({ low: 0.001, high: 10 })).toBe(true);
    expect(wide({ low: 0, high: 1e9 })).toBe(false);
  });

  it('are counted once in each column that they run through', () => {
    const x = scale({ low: 0, high: 10 }, 0, 100);
    const y = scale({ low: 0, high: 10 }, 100, 0);
    const flat = Array.from({ length: 9 }, (_, i) => curve(i, i < 4 ? 'stopped' : 'finished', [0, 10], [i + 0.5, i + 0.5]));
    const c = finish(crowd(flat, x, y, 10));
    expect([c.across, c.down, c.most]).toEqual([10, 10, 1]);
    expect([...c.columns]).toEqual(Array(10).fill(9));
    expect(c.stopped[9]).toBe(4);
    expect(quantileRow(c, 5, 0.5)).toBe(5.5); // the fifth of nine from the top
    const short = finish(crowd([curve(0, 'finished', [2, 4], [5, 5])], x, y, 10));
    expect([...short.columns].map((n, i) => (n ? i : -1)).filter((i) => i >= 0)).toEqual([2, 3, 4]);
    expect(quantileRow(short, 2, 0.5)).toBeNaN();
  });

  it('are found between their points, too', () => {
    const x = scale({ low: 0, high: 10 }, 0, 100);
    const y = scale({ low: 0, high: 10 }, 100, 0);
    const two = [curve(7, 'finished', [0, 10], [2, 2]), curve(8, 'finished', [0, 10], [8, 8])];
    expect(nearest(two, x, y, 40, 77, 10)).toEqual({ curve: two[0], point: 0 });
    expect(nearest(two, x, y, 70, 23, 10)).toEqual({ curve: two[1], point: 1 });
    expect(nearest(two, x, y, 50, 50, 10)).toBeNull();
  });
});
