// Which rows are shown, and in which order.

import type { Column } from './column';
import { sortRows, type Order } from './sort';
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
export function filterRows(store: TaskStore, wanted: Wanted): Uint32Array {
  const n = store.length;
  const rows = new Uint32Array(n);
  const state = store.column('task', 'state');
  const allowed = wanted.states.length > 0 && state ? Uint8Array.from(state.dict, (s) => (wanted.states.includes(s) ? 1 : 0)) : null;
  const simple = !allowed && !wanted.where && wanted.brush.length === 0 && !wanted.numbers;
  let count = 0;
  for (let row = 0; row < n; row++) {
    if (!simple) {
      if (allowed && !allowed[state!.code(row)]) continue;
      if (wanted.numbers && !wanted.numbers.has(store.number(row))) continue;
      if (wanted.brush.length > 0 && !within(wanted.brush, row)) continue;
      if (wanted.where && !wanted.where(row)) continue;
    }
    rows[count++] = row;
  }
  return rows.subarray(0, count);
}

function within(brush: Range[], row: number): boolean {
  for (const b of brush) {
    const v = position(b.column, row);
    if (!(v >= b.low && v <= b.high)) return false;
  }
  return true;
}

/** Where a row lies along a column: its number, or the code of its text. NaN for none. */
export function position(column: Column, row: number): number {
  if (column.kind !== 'text') return column.number(row);
  const code = column.code(row);
  return code < 0 ? NaN : code;
}

/** The wanted rows in an order; by number when there is none. */
export function arrange(store: TaskStore, wanted: Wanted, order: Order | null): Uint32Array {
  const rows = filterRows(store, wanted);
  const number = store.column('task', 'number');
  if (!number) return rows;
  const byNumber = ascending(rows, number) ? rows : sortRows(rows, { column: number, descending: false });
  if (order === null || (order.column === number && !order.descending)) return byNumber;
  if (order.column === number) return byNumber.slice().reverse();
  return sortRows(byNumber, order);
}

function ascending(rows: Uint32Array, column: Column): boolean {
  for (let i = 1; i < rows.length; i++) if (!(column.number(rows[i - 1]) < column.number(rows[i]))) return false;
  return true;
}
