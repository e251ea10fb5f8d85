// Parallel coordinates: where rows cross the axes, and how often lines run
// between two stretches of neighboring axes when there are too many of them.

import type { Column } from '../data/column';
import { strides, type Steps } from '../data/steps';
import { Pool } from './pool';
import { namesOf, reading, type Axis } from './cloud';
import { roomy, scale, ticks, type Scale } from './scale';

/** Above so many lines they are counted instead of drawn one by one. */
export const EXACT_LINES = 2000;
/** Stretches of an axis for counting. */
export const BINS = 48;

/** An axis upright on the plot. */
export interface Upright {
  axis: Axis & { column: Column };
  scale: Scale;
  /** Each row's place, in pixels, NaN where it has no value; empty when rows are counted. */
  at: Float32Array;
  /** Each row's stretch, BINS where it has no value; empty when each row is a line. */
  bin: Uint8Array;
  ticks: { value: number; label: string }[];
}

/** Makes the axes of some columns, from the pixel bottom up to top. */
export function* uprights(axes: (Axis & { column: Column })[], rows: Uint32Array, bottom: number, top: number, pool = new Pool()): Steps<Upright[]> {
  const out: Upright[] = [];
  for (const [i, axis] of axes.entries()) {
    const { all, extent } = yield* reading(axis, rows, pool.doubles('values', rows.length));
    const names = namesOf(axis.column);
    const whole = names ? { low: -0.3, high: Math.max(0.3, names.length - 0.7) } : roomy(extent, axis.log, 0);
    const s = scale(whole, bottom, top, axis.log && !names, names, axis.column.kind === 'int');
    const exact = rows.length <= EXACT_LINES;
    const at = exact ? Float32Array.from(all, (v) => s.at(v)) : new Float32Array(0);
    const bin = exact ? new Uint8Array(0) : yield* binning(all, s, pool.bytes(`bin${i}`, rows.length));
    out.push({ axis, scale: s, at, bin, ticks: ticks(s, 5) });
  }
  return out;
}

function* binning(all: Float64Array, s: Scale, bin: Uint8Array): Steps<Uint8Array> {
  const f = s.log ? Math.log : (v: number) => v;
  const low = f(s.low);
  const k = BINS / (f(s.high) - low || 1);
  yield* strides(all.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const b = Math.floor((f(all[i]) - low) * k);
      bin[i] = b >= 0 ? Math.min(BINS - 1, b) : b < 0 && b > -Infinity ? 0 : BINS;
    }
  });
  return bin;
}

/** How many lines run from stretch i of the left axis to stretch j of the right, at i * BINS + j. */
export function* countBetween(left: Upright, right: Upright, marked: Uint8Array | null, flag: number): Steps<Uint32Array> {
  // A row and a column more than there are stretches take what has no value.
  const all = new Uint32Array((BINS + 1) * (BINS + 1));
  const [a, b] = [left.bin, right.bin];
  yield* strides(a.length, (from, to) => {
    for (let i = from; i < to; i++) if (!marked || marked[i] === flag) all[a[i] * (BINS + 1) + b[i]]++;
  });
  const counts = new Uint32Array(BINS * BINS);
  for (let i = 0; i < BINS; i++) counts.set(all.subarray(i * (BINS + 1), i * (BINS + 1) + BINS), i * BINS);
  return counts;
}

/** The pixel in the middle of a stretch. */
export function middle(s: Scale, bin: number): number {
  return s.start + ((s.end - s.start) * (bin + 0.5)) / BINS;
}

