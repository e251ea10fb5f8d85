// Sorting a million rows: a radix sort of row numbers by 11 bits at a time,
// which is stable, knows no bad order, and leaves out the passes in which all
// keys agree.

import { MASK, SHIFT, type Column } from './column';

export interface Order {
  column: Column;
  descending: boolean;
}

/** Sorts rows by a column, in place of their order before. Rows without a value come last either way. */
export function sortRows(rows: Uint32Array, order: Order): Uint32Array {
  const { column, descending } = order;
  const n = rows.length;
  const hi = new Uint32Array(n);
  const lo = new Uint32Array(n);
  if (column.kind === 'text') textKeys(rows, column, hi);
  else numberKeys(rows, column, hi, lo);
  // All ones are the rows without a value, which stay last.
  if (descending) {
    for (let i = 0; i < n; i++) {
      if (hi[i] === 0xffffffff) continue;
      hi[i] = ~hi[i] - 1;
      lo[i] = ~lo[i];
    }
  }
  if (column.kind === 'big') return sortBigs(rows, column, descending);
  return radix(rows, hi, lo);
}

// Floats in the order of their bits as unsigned integers: negative ones are
// turned over, the others get the sign bit.
function numberKeys(rows: Uint32Array, column: Column, hi: Uint32Array, lo: Uint32Array): void {
  const buffer = new Float64Array(rows.length);
  gather(rows, column, buffer);
  const words = new Uint32Array(buffer.buffer);
  for (let i = 0; i < rows.length; i++) {
    if (Number.isNaN(buffer[i])) {
      hi[i] = lo[i] = 0xffffffff;
      continue;
    }
    const high = words[2 * i + 1];
    const flip = high >>> 31 ? 0xffffffff : 0;
    hi[i] = (high ^ (flip | 0x80000000)) >>> 0;
    lo[i] = (words[2 * i] ^ flip) >>> 0;
  }
}

/** Reads the numbers of some rows; -0 becomes 0. */
function gather(rows: Uint32Array, column: Column, into: Float64Array): void {
  let at = -1;
  let chunk: Float64Array | undefined;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (row >>> SHIFT !== at) {
      at = row >>> SHIFT;
      chunk = column.numbers(at);
    }
    into[i] = (chunk ? chunk[row & MASK] : column.number(row)) + 0;
  }
}

const collator = new Intl.Collator(undefined, { numeric: true });

function textKeys(rows: Uint32Array, column: Column, hi: Uint32Array): void {
  const byText = Uint32Array.from(column.dict.keys());
  byText.sort((a, b) => collator.compare(column.dict[a], column.dict[b]) || (column.dict[a] < column.dict[b] ? -1 : 1));
  const rank = new Uint32Array(column.dict.length);
  byText.forEach((code, i) => (rank[code] = i));
  for (let i = 0; i < rows.length; i++) {
    const code = column.code(rows[i]);
    hi[i] = code < 0 ? 0xffffffff : rank[code];
  }
}

function sortBigs(rows: Uint32Array, column: Column, descending: boolean): Uint32Array {
  const sign = descending ? -1 : 1;
  return rows.slice().sort((a, b) => {
    const x = column.big(a);
    const y = column.big(b);
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return x < y ? -sign : x > y ? sign : 0;
  });
}

// The low words first, then the high ones in the order that they have given.
// Keys move along with what they are the keys of, so that reading is in order.
function radix(rows: Uint32Array, hi: Uint32Array, lo: Uint32Array): Uint32Array {
  const n = rows.length;
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const byLow = radixWord({ keys: lo, order });
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) keys[i] = hi[byLow[i]];
  const sorted = radixWord({ keys, order: byLow });
  for (let i = 0; i < n; i++) keys[i] = rows[sorted[i]];
  return keys;
}

const BITS = 11;
const DIGITS = 1 << BITS;

function radixWord({ keys, order }: { keys: Uint32Array; order: Uint32Array }): Uint32Array {
  const n = keys.length;
  let spareKeys: Uint32Array | undefined;
  let spare: Uint32Array | undefined;
  const counts = new Uint32Array(DIGITS);
  for (let shift = 0; shift < 32 && n > 0; shift += BITS) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(keys[i] >>> shift) & (DIGITS - 1)]++;
    if (counts[(keys[0] >>> shift) & (DIGITS - 1)] === n) continue;
    let sum = 0;
    for (let d = 0; d < DIGITS; d++) {
      const c = counts[d];
      counts[d] = sum;
      sum += c;
    }
    spareKeys ??= new Uint32Array(n);
    spare ??= new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      const key = keys[i];
      const to = counts[(key >>> shift) & (DIGITS - 1)]++;
      spareKeys[to] = key;
      spare[to] = order[i];
    }
    [keys, spareKeys] = [spareKeys, keys];
    [order, spare] = [spare, order];
  }
  return order;
}
