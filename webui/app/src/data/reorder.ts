// Rows in the order of their numbers. What changes together comes in any order;
// put in order, new rows go to the end of a store's chunks in one piece, and a
// table by number has nothing to sort.

import type { Cells } from './column';
import type { Rows } from './store';

/** The rows by number, the given ones if they are in that order already. */
export function byNumber(rows: Rows): Rows {
  const numbers = rows.columns.find((c) => c.role === 'task' && c.name === 'number')?.numbers;
  if (!numbers || isAscending(numbers)) return rows;
  const order = Uint32Array.from(numbers.keys()).sort((a, b) => numbers[a] - numbers[b] || a - b);
  return { length: rows.length, columns: rows.columns.map((c) => reordered(c, order)) };
}

function isAscending(numbers: Float64Array): boolean {
  for (let i = 1; i < numbers.length; i++) if (!(numbers[i - 1] <= numbers[i])) return false;
  return true;
}

function reordered(cells: Cells, order: Uint32Array): Cells {
  const place = cells.nans ? new Map(Array.from(order, (from, to) => [from, to])) : null;
  return {
    ...cells,
    ...(cells.numbers ? { numbers: Float64Array.from(order, (i) => cells.numbers![i]) } : {}),
    ...(cells.nans ? { nans: new Set(Array.from(cells.nans, (i) => place!.get(i)!)) } : {}),
    ...(cells.bigs ? { bigs: BigInt64Array.from(order, (i) => cells.bigs![i]) } : {}),
    ...(cells.missing ? { missing: Uint8Array.from(order, (i) => cells.missing![i]) } : {}),
    ...(cells.codes ? { codes: Int32Array.from(order, (i) => cells.codes![i]) } : {}),
  };
}
