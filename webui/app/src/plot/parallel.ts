// Parallel coordinates: where rows cross the axes, and how often lines run
// between two stretches of neighboring axes when there are too many of them.

import type { Column } from '../data/column';
import { extentOf, namesOf, values, type Axis } from './cloud';
import { roomy, scale, ticks, type Scale } from './scale';

/** Above so many lines they are counted instead of drawn one by one. */
export const EXACT_LINES = 2000;
/** Stretches of an axis for counting. */
export const BINS = 48;

/** An axis upright on the plot. */
export interface Upright {
  axis: Axis & { column: Column };
  scale: Scale;
  /** Each row's place, in pixels; NaN where it has no value. */
  at: Float32Array;
  ticks: { value: number; label: string }[];
}

/** Makes the axes of some columns, from the pixel bottom up to top. */
export function uprights(axes: (Axis & { column: Column })[], rows: Uint32Array, bottom: number, top: number): Upright[] {
  return axes.map((axis) => {
    const all = values(axis, rows);
    const names = namesOf(axis.column);
    const extent = names ? { low: -0.3, high: Math.max(0.3, names.length - 0.7) } : roomy(extentOf(all, axis.log), axis.log, 0);
    const s = scale(extent, bottom, top, axis.log && !names, names);
    return { axis, scale: s, at: Float32Array.from(all, (v) => s.at(v)), ticks: ticks(s, 5) };
  });
}

/** How many lines run from stretch i of the left axis to stretch j of the right, at i * BINS + j. */
export function countBetween(left: Upright, right: Upright, marked: Uint8Array | null, flag: number): Uint32Array {
  const counts = new Uint32Array(BINS * BINS);
  const bin = (s: Scale, p: number) => Math.min(BINS - 1, Math.max(0, Math.floor(((p - s.start) / (s.end - s.start)) * BINS)));
  for (let i = 0; i < left.at.length; i++) {
    if (marked && marked[i] !== flag) continue;
    const [a, b] = [left.at[i], right.at[i]];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    counts[bin(left.scale, a) * BINS + bin(right.scale, b)]++;
  }
  return counts;
}

/** The pixel in the middle of a stretch. */
export function middle(s: Scale, bin: number): number {
  return s.start + ((s.end - s.start) * (bin + 0.5)) / BINS;
}

