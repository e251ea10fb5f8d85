// The mean of a column over a grid of two others.

import { strides, type Steps } from '../data/steps';
import type { Scale } from './scale';

export interface Heat {
  across: number;
  down: number;
  /** The mean in each cell, NaN for none, row by row from the top. */
  mean: Float64Array;
  low: number;
  high: number;
  cells: number;
}

/** Means of values at places, over so many cells. */
export function* heat(xs: Float64Array, ys: Float64Array, values: Float64Array, x: Scale, y: Scale, across: number, down: number): Steps<Heat> {
  const sum = new Float64Array(across * down);
  const n = new Uint32Array(across * down);
  yield* strides(values.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (Number.isNaN(values[i])) continue;
      const c = Math.floor(((x.at(xs[i]) - x.start) / (x.end - x.start)) * across);
      const r = Math.floor(((y.at(ys[i]) - y.end) / (y.start - y.end)) * down);
      if (!(c >= 0 && c < across && r >= 0 && r < down)) continue;
      sum[r * across + c] += values[i];
      n[r * across + c]++;
    }
  });
  const mean = sum.map((s, i) => (n[i] === 0 ? NaN : s / n[i]));
  let low = Infinity;
  let high = -Infinity;
  let cells = 0;
  for (const m of mean) {
    if (Number.isNaN(m)) continue;
    cells++;
    low = Math.min(low, m);
    high = Math.max(high, m);
  }
  return { across, down, mean, low, high, cells };
}
