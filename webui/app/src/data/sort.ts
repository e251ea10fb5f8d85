// Sorting a million rows: a radix sort of row numbers by 11 bits at a time,
// which is stable, knows no bad order, and leaves out the passes in which all
// keys agree.

import type { Column } from './column';
import { gather } from './gather';
import { finish, STRIDE, strides, type Steps } from './steps';

export interface Order {
  column: Column;
  descending: boolean;
}

/** Sorts rows by a column, in place of their order before. Rows without a value come last either way. */
export function* sorting(rows: Uint32Array, order: Order): Steps<Uint32Array> {
  const { column, descending } = order;
  const n = rows.length;
  if (column.kind === 'big') return sortBigs(rows, column, descending);
  const hi = new Uint32Array(n);
  const lo = new Uint32Array(n);
  if (column.kind === 'text') textKeys(rows, column, hi);
  else yield* numberKeys(rows, column, hi, lo);
  // All ones are the rows without a value, which stay last.
  if (descending) yield* strides(n, (from, to) => turn(hi, lo, from, to));
  return yield* radix(rows, hi, lo);
}

/** sorting, at once. */
export function sortRows(rows: Uint32Array, order: Order): Uint32Array {
  return finish(sorting(rows, order));
}

function turn(hi: Uint32Array, lo: Uint32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    if (hi[i] === 0xffffffff) continue;
    hi[i] = ~hi[i] - 1;
    lo[i] = ~lo[i];
  }
}

// Floats in the order of their bits as unsigned integers: negative ones are
// turned over, the others get the sign bit; -0 becomes 0.
function* numberKeys(rows: Uint32Array, column: Column, hi: Uint32Array, lo: Uint32Array): Steps<void> {
  const buffer = new Float64Array(Math.min(STRIDE, rows.length));
  const words = new Uint32Array(buffer.buffer);
  yield* strides(rows.length, (from, to) => {
    gather(column, rows, buffer, from, to, 0);
    for (let i = from; i < to; i++) {
      const v = buffer[i - from] + 0;
      if (v !== v) {
        hi[i] = lo[i] = 0xffffffff;
        continue;
      }
      buffer[i - from] = v;
      const high = words[2 * (i - from) + 1];
      const flip = high >>> 31 ? 0xffffffff : 0;
      hi[i] = (high ^ (flip | 0x80000000)) >>> 0;
      lo[i] = (words[2 * (i - from)] ^ flip) >>> 0;
    }
  });
}

let collator: Intl.Collator | undefined; // made when text is sorted first: that takes a while

function textKeys(rows: Uint32Array, column: Column, hi: Uint32Array): void {
  const byText = Uint32Array.from(column.dict.keys());
  const { compare } = (collator ??= new Intl.Collator(undefined, { numeric: true }));
  byText.sort((a, b) => compare(column.dict[a], column.dict[b]) || (column.dict[a] < column.dict[b] ? -1 : 1));
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
function* radix(rows: Uint32Array, hi: Uint32Array, lo: Uint32Array): Steps<Uint32Array> {
  const n = rows.length;
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  yield;
  const byLow = yield* radixWord({ keys: lo, order });
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) keys[i] = hi[byLow[i]];
  yield;
  const sorted = yield* radixWord({ keys, order: byLow });
  for (let i = 0; i < n; i++) keys[i] = rows[sorted[i]];
  return keys;
}

const BITS = 11;
const DIGITS = 1 << BITS;

function* radixWord({ keys, order }: { keys: Uint32Array; order: Uint32Array }): Steps<Uint32Array> {
  const n = keys.length;
  let spareKeys: Uint32Array | undefined;
  let spare: Uint32Array | undefined;
  const counts = new Uint32Array(DIGITS);
  for (let shift = 0; shift < 32 && n > 0; shift += BITS) {
    count(keys, shift, counts);
    yield;
    if (counts[(keys[0] >>> shift) & (DIGITS - 1)] === n) continue;
    startsOf(counts);
    spareKeys ??= new Uint32Array(n);
    spare ??= new Uint32Array(n);
    const [from, to] = [{ keys, order }, { keys: spareKeys, order: spare }];
    yield* strides(n, (a, b) => deal(from, to, shift, counts, a, b), 8 * STRIDE);
    [keys, spareKeys] = [spareKeys, keys];
    [order, spare] = [spare, order];
  }
  return order;
}

interface Keyed {
  keys: Uint32Array;
  order: Uint32Array;
}

function count(keys: Uint32Array, shift: number, counts: Uint32Array): void {
  counts.fill(0);
  for (let i = 0; i < keys.length; i++) counts[(keys[i] >>> shift) & (DIGITS - 1)]++;
}

function startsOf(counts: Uint32Array): void {
  let sum = 0;
  for (let d = 0; d < DIGITS; d++) {
    const c = counts[d];
    counts[d] = sum;
    sum += c;
  }
}

function deal(from: Keyed, to: Keyed, shift: number, starts: Uint32Array, first: number, end: number): void {
  const { keys, order } = from;
  for (let i = first; i < end; i++) {
    const key = keys[i];
    const at = starts[(key >>> shift) & (DIGITS - 1)]++;
    to.keys[at] = key;
    to.order[at] = order[i];
  }
}
