// Reads columns by rows, a chunk at a time instead of cell by cell.

import { MASK, SHIFT, type Column } from './column';

/** Where a row lies along a column: its number, or the code of its text. NaN for none. */
export function position(column: Column, row: number): number {
  if (column.kind !== 'text') return column.number(row);
  const code = column.code(row);
  return code < 0 ? NaN : code;
}

/** Reads where rows[from] to rows[to - 1] lie along a column: rows[from + i] into out[at + i]. */
export function gather(column: Column, rows: Uint32Array, out: Float64Array, from: number, to: number, at = from): void {
  let of = -1;
  let chunk: Float64Array | undefined;
  for (let i = from; i < to; i++) {
    const row = rows[i];
    if (row >>> SHIFT !== of) {
      of = row >>> SHIFT;
      chunk = column.numbers(of);
    }
    out[at + i - from] = chunk ? chunk[row & MASK] : position(column, row);
  }
}
