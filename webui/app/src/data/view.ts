// Which rows are shown, and in which order.

import type { Column } from './column';
import { gather, position } from './gather';
import { sorting, type Order } from './sort';
import { finish, STRIDE, strides, type Steps } from './steps';
import type { TaskStore } from './store';

/** A range on a column, ends included, as a brush draws it. */
export interface Range {
  column: Column;
  low: number;
  high: number;
}

/** What has to hold of a row that is shown. Empty fields let everything through. */
export interface Wanted {
  states: string[];
  where: ((row: number) => boolean) | null;
  brush: Range[];
  /** Only these tasks; null is all. */
  numbers: Set<number> | null;
}

export const EVERYTHING: Wanted = { states: [], where: null, brush: [], numbers: null };

/** The rows that are wanted, in the order in which the store has them. */
export function* filtering(store: TaskStore, wanted: Wanted): Steps<Uint32Array> {
  const n = store.length;
  const rows = new Uint32Array(n);
  const lets = admission(store, wanted);
  let count = 0;
  yield* strides(n, (from, to) => (count = lets ? admit(rows, count, lets, from, to) : all(rows, from, to)), wanted.where ? 1024 : STRIDE);
  return rows.subarray(0, count);
}

/** filtering, at once. */
export function filterRows(store: TaskStore, wanted: Wanted): Uint32Array {
  return finish(filtering(store, wanted));
}

function all(rows: Uint32Array, from: number, to: number): number {
  for (let row = from; row < to; row++) rows[row] = row;
  return to;
}

function admit(rows: Uint32Array, count: number, lets: (row: number) => boolean, from: number, to: number): number {
  for (let row = from; row < to; row++) if (lets(row)) rows[count++] = row;
  return count;
}

/** Says of a row whether it is wanted; null lets everything through. */
function admission(store: TaskStore, { states, where, brush, numbers }: Wanted): ((row: number) => boolean) | null {
  const state = store.column('task', 'state');
  const number = store.column('task', 'number');
  const allowed = states.length > 0 && state ? Uint8Array.from(state.dict, (s) => (states.includes(s) ? 1 : 0)) : null;
  if (allowed && !where && brush.length === 0 && !numbers) return (row) => allowed[state!.code(row)] === 1;
  if (!allowed && !where && brush.length === 0 && !numbers) return null;
  return (row) => {
    if (allowed && !allowed[state!.code(row)]) return false;
    if (numbers && !numbers.has(number?.number(row) ?? NaN)) return false;
    return within(brush, row) && (!where || where(row));
  };
}

/** Whether a row lies in all of the ranges. */
export function within(brush: Range[], row: number): boolean {
  for (const b of brush) {
    const v = position(b.column, row);
    if (!(v >= b.low && v <= b.high)) return false;
  }
  return true;
}

/** Which of some rows lie in the brush, and how many; nothing is brushed without one. */
export interface Marks {
  marked: Uint8Array | null;
  brushed: number;
}

/** Marks the rows that lie in all of the ranges. */
export function* marking(rows: Uint32Array, brush: Range[]): Steps<Marks> {
  if (brush.length === 0) return { marked: null, brushed: 0 };
  const marked = new Uint8Array(rows.length).fill(1);
  const values = new Float64Array(Math.min(STRIDE, rows.length));
  let brushed = rows.length;
  yield* strides(rows.length, (from, to) => {
    for (const { column, low, high } of brush) {
      gather(column, rows, values, from, to, 0);
      for (let i = from; i < to; i++) {
        if (marked[i] === 0 || (values[i - from] >= low && values[i - from] <= high)) continue;
        marked[i] = 0;
        brushed--;
      }
    }
  });
  return { marked, brushed };
}

/** The wanted rows in an order; by number when there is none. */
export function* arranging(store: TaskStore, wanted: Wanted, order: Order | null): Steps<Uint32Array> {
  const rows = yield* filtering(store, wanted);
  const number = store.column('task', 'number');
  if (!number) return rows;
  const byNumber = (yield* ascending(rows, number)) ? rows : yield* sorting(rows, { column: number, descending: false });
  if (order === null || (order.column === number && !order.descending)) return byNumber;
  if (order.column === number) return byNumber.slice().reverse();
  return yield* sorting(byNumber, order);
}

/** arranging, at once. */
export function arrange(store: TaskStore, wanted: Wanted, order: Order | null): Uint32Array {
  return finish(arranging(store, wanted, order));
}

function* ascending(rows: Uint32Array, column: Column): Steps<boolean> {
  const values = new Float64Array(Math.min(rows.length, STRIDE));
  let last = -Infinity;
  for (let from = 0; from < rows.length; from += STRIDE) {
    const to = Math.min(rows.length, from + STRIDE);
    gather(column, rows, values, from, to, 0);
    for (let i = 0; i < to - from; i++) {
      if (!(last < values[i])) return false;
      last = values[i];
    }
    yield;
  }
  return true;
}
