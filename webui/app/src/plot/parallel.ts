// Parallel coordinates: where rows cross the axes.

import type { Column } from '../data/column';
import { strides, type Steps } from '../data/steps';
import { Pool } from './pool';
import { namesOf, reading, type Axis } from './cloud';
import { BINS } from './density';
import { roomy, scale, ticks, type Scale } from './scale';

/** Above so many lines they are counted instead of drawn one by one. */
export const EXACT_LINES = 2000;
/** So many of the best are drawn over those that are counted. */
export const BEST_LINES = 25;

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
    out.push({ axis, scale: s, at, bin, ticks: ticks(s, Math.max(4, Math.min(9, (bottom - top) / 26))) });
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
