import { describe, expect, it } from 'vitest';
import { stream, types } from '../../test/arrow';
import { decode } from '../data/decode';
import { finish } from '../data/steps';
import { TaskStore } from '../data/store';
import type { Definition } from '../net/api';
import { bestRung, ladderOf, promotes, rungLines, type Ladder } from './rungs';

/** Tasks: [number, state, epochs, from, rung, bracket, loss, stopped_at]. */
type Row = [number, string, number, number | null, number | null, number | null, number | null, number?];

const big = (v: number | null | undefined) => (v === null || v === undefined ? null : BigInt(v));

function tasks(...rows: Row[]): TaskStore {
  const store = new TaskStore();
  const extra = (name: string, i: number) => ({ name, type: types.int, role: 'xs_extra', values: rows.map((r) => big(r[i] as number | null)) });
  const bytes = stream([
    { name: 'number', type: types.int, values: rows.map((r) => BigInt(r[0])) },
    { name: 'state', type: types.text, values: rows.map((r) => r[1]) },
    { name: 'epochs', type: types.int, role: 'xs', values: rows.map((r) => BigInt(r[2])) },
    extra('from', 3),
    extra('rung', 4),
    extra('bracket', 5),
    { name: 'loss', type: types.float, role: 'ys', values: rows.map((r) => r[6]) },
    { name: 'stopped_at', type: types.int, role: 'ys_extra', values: rows.map((r) => big(r[7])) },
  ]);
  store.load(decode(bytes));
  return store;
}

const definition = (loop: string) =>
  ({ space: [{ name: 'epochs', type: 'int', lower: 1, upper: 9, fidelity: true }], loop: { name: loop } }) as unknown as Definition;

function lines(store: TaskStore, rows: Uint32Array | null = null, flags: Uint8Array | null = null, ladder: Ladder | null = ladderOf(store, definition('asha'))) {
  return finish(rungLines(store, ladder!, rows, flags, store.column('ys', 'loss')!));
}

const some: Row[] = [
  [0, 'finished', 1, null, 0, 2, 8],
  [1, 'finished', 1, null, 0, 2, 7],
  [2, 'finished', 3, 1, 1, 2, 5],
  [3, 'failed', 1, null, 0, 2, null],
  [4, 'finished', 9, 2, 2, 2, 4],
  [5, 'finished', 1, null, 0, 2, 3],
  [6, 'running', 3, 5, 1, 2, null],
  [7, 'finished', 3, null, 0, 1, 6, 2],
  [8, 'running', 1, null, 0, 2, null],
  [9, 'finished', 3, null, 0, 1, 2],
  [10, 'failed', 9, 9, 1, 1, null],
];

describe('points at rising budgets', () => {
  it('are a line each, which ends as their last task did', () => {
    expect(lines(tasks(...some)).map((l) => [l.number, l.ending, [...l.xs], [...l.ys]])).toEqual([
      [0, 'left', [1], [8]],
      [4, 'finished', [1, 3, 9], [7, 5, 4]],
      [5, 'running', [1], [3]],
      [7, 'stopped', [3], [6]],
      [9, 'failed', [3], [2]],
    ]);
  });

  it('are shown whole when one of their tasks is, and marked when one of them is', () => {
    const store = tasks(...some);
    const rows = Uint32Array.of(store.row(0), store.row(1), store.row(6));
    expect(lines(store, rows, Uint8Array.of(0, 1, 0)).map((l) => [l.number, l.marked])).toEqual([[0, false], [4, true], [5, false]]);
  });

  it('have the best at the largest budget so far, whatever the others say', () => {
    const all = lines(tasks(...some));
    expect(bestRung(all, { name: 'loss', goal: 'minimize' })?.number).toBe(4);
    expect(bestRung(all.filter((l) => l.number !== 4), { name: 'loss', goal: 'minimize' })?.number).toBe(9);
    expect(bestRung(all.filter((l) => l.number !== 4), { name: 'loss', goal: 'maximize' })?.number).toBe(9);
    expect(bestRung(all, { name: 'loss', goal: 'record' })).toBeNull();
    expect(bestRung(all.filter((l) => l.ending === 'stopped'), { name: 'loss', goal: 'minimize' })).toBeNull();
  });

  it('that a loop of its own continues end at the largest budget that there is; what has no larger one than before begins anew', () => {
    const store = tasks([0, 'finished', 3, null, null, null, 5], [1, 'finished', 9, 0, null, null, 4], [2, 'finished', 3, 1, null, null, 3], [3, 'finished', 3, 3, null, null, 2], [4, 'queued', 9, 3, null, null, null]);
    expect(lines(store).map((l) => [l.number, l.ending, [...l.xs]])).toEqual([[1, 'finished', [3, 9]], [2, 'left', [3]], [3, 'running', [3]]]);
  });

  it('are expected of searches with a budget and a loop that promotes', () => {
    expect([promotes(definition('asha')), promotes(definition('random_search')), promotes(null)]).toEqual([true, false, false]);
    expect(promotes({ ...definition('bohb'), space: [] })).toBe(false);
    const store = tasks(...some);
    expect(ladderOf(store, null)).toBeNull();
    expect(ladderOf(store, { ...definition('asha'), space: null })).toBeNull();
    expect(ladderOf(store, definition('asha'))?.upper).toBe(9);
  });
});
