import { describe, expect, it } from 'vitest';
import { rows, stream, types } from '../../test/arrow';
import { columnKey, widen, type Cells } from './column';
import { decode } from './decode';
import { TaskStore } from './store';

function loaded(...streams: Uint8Array[]): TaskStore {
  const store = new TaskStore();
  store.load(streams.flatMap(decode));
  return store;
}

describe('a store of tasks', () => {
  it('has what a snapshot has', () => {
    const store = loaded(rows([0, 1, 2], 'finished', [3, null, NaN]));
    expect(store.length).toBe(3);
    expect(store.columns().map((c) => c.key)).toEqual([columnKey('task', 'number'), columnKey('task', 'state'), 'xs:x', 'ys:y']);
    const y = store.column('ys', 'y')!;
    expect([0, 1, 2].map((r) => y.value(r))).toEqual([3, null, NaN]);
    expect(store.column('task', 'state')!.value(1)).toBe('finished');
  });

  it('replaces rows by their number and appends new ones', () => {
    const store = loaded(rows([0, 1], ['running', 'queued'], [null, null]));
    const change = store.upsert(decode(rows([1, 5], ['finished', 'running'], [7, null]))[0]);
    expect(change).toEqual({ added: 1, updated: 1, removed: 0 });
    expect(store.length).toBe(3);
    expect(store.column('ys', 'y')!.number(store.row(1))).toBe(7);
    expect(store.column('task', 'state')!.value(store.row(1))).toBe('finished');
    expect(store.number(store.row(5))).toBe(5);
    expect(store.row(4)).toBe(-1);
  });

  it('removes rows that are deleted, and keeps the others findable', () => {
    const store = loaded(rows([0, 1, 2, 3], 'finished', [0, 10, 20, 30]));
    const change = store.upsert(decode(rows([1, 9, 0], ['deleted', 'deleted', 'finished'], [null, null, 5]))[0]);
    expect(change).toEqual({ added: 0, updated: 1, removed: 1 });
    expect(store.length).toBe(3);
    expect(store.row(1)).toBe(-1);
    const y = store.column('ys', 'y')!;
    expect([0, 2, 3].map((n) => y.number(store.row(n)))).toEqual([5, 20, 30]);
  });

  it('empties the cells of columns that a changed row no longer has', () => {
    const store = loaded(stream([{ name: 'number', type: types.int, values: [1n] }, { name: 'z', role: 'ys', type: types.float, values: [4] }]));
    store.upsert(decode(stream([{ name: 'number', type: types.int, values: [1n] }]))[0]);
    expect(store.column('ys', 'z')!.value(0)).toBe(null);
  });

  it('takes rows that begin anywhere in a buffer, as after the head of a frame', () => {
    const stream = rows([4], 'finished', [2.5]);
    const frame = new Uint8Array(17 + stream.length);
    frame.set(stream, 17);
    const store = loaded(frame.subarray(17));
    expect(store.column('ys', 'y')!.value(store.row(4))).toBe(2.5);
  });

  it('keeps integers beyond 2^53 exact, also when they come late', () => {
    const big = 2n ** 60n + 1n;
    const one = (n: bigint, v: bigint | null) =>
      stream([{ name: 'number', type: types.int, values: [n] }, { name: 'id', role: 'xs', type: types.int, values: [v] }]);
    const store = loaded(one(0n, 7n));
    expect(store.column('xs', 'id')!.kind).toBe('int');
    store.upsert(decode(one(1n, big))[0]);
    store.upsert(decode(one(2n, null))[0]);
    const id = store.column('xs', 'id')!;
    expect([0, 1, 2].map((r) => id.value(r))).toEqual([7n, big, null]);
    expect(id.number(2)).toBeNaN();
  });

  it('widens a column whose values turn out to be of several kinds', () => {
    const store = loaded(rows([0], 'finished', [1.5]));
    store.upsert(decode(stream([{ name: 'number', type: types.int, values: [1n] }, { name: 'y', role: 'ys', type: types.text, values: ['none'] }]))[0]);
    const y = store.column('ys', 'y')!;
    expect([y.kind, y.value(0), y.value(1)]).toEqual(['text', '1.5', 'none']);
    expect(widen('int', 'big')).toBe('big');
    expect(widen('float', 'big')).toBe('text');
    expect(widen('null', 'time')).toBe('time');
  });

  it('knows a column by role and name, whatever it is called in one table', () => {
    const field = (as: string, v: number) => stream([{ name: 'number', type: types.int, values: [BigInt(v)] }, { name: 'y', as, role: 'ys', type: types.float, values: [v] }]);
    const store = loaded(field('y', 0), field('ys.y', 1));
    expect(store.columns().length).toBe(2);
    const y = store.column('ys', 'y')!;
    expect(store.label(y)).toBe('y');
    store.upsert(decode(stream([{ name: 'number', type: types.int, values: [2n] }, { name: 'y', role: 'xs', type: types.float, values: [2] }]))[0]);
    expect(store.label(y)).toBe('ys.y');
    expect(store.named('ys.y')).toBe(y);
  });

  it('holds and changes a million rows of ten columns', () => {
    const n = 1_000_000;
    const column = (role: Cells['role'], name: string): Cells => ({ role, name, unit: '', kind: 'float', length: n, numbers: Float64Array.from({ length: n }, (_, i) => i) });
    const columns = [column('task', 'number'), ...Array.from({ length: 9 }, (_, i) => column('xs', `x${i}`))];
    const store = new TaskStore();
    const began = performance.now();
    store.load([{ length: n, columns }]);
    const took = performance.now() - began;
    expect(store.length).toBe(n);
    expect(store.number(n - 1)).toBe(n - 1);
    const after = performance.now();
    store.upsert(decode(rows([n], 'queued', [null]))[0]);
    console.log(`1M rows x 10 columns: ${took.toFixed(0)} ms; one row more: ${(performance.now() - after).toFixed(2)} ms`);
    expect(store.number(n)).toBe(n);
  });
});
