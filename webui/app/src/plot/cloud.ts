// The points of two columns: where they lie, and what their extents are.

import type { Column } from '../data/column';
import { gather, position } from '../data/gather';
import { strides, type Steps } from '../data/steps';
import type { Points } from './raster';
import { roomy, scale, type Extent, type Scale } from './scale';

/** An axis: a column, or the place of a row in its list. */
export type Axis = { column: Column; label: string; log: boolean } | { column: null; label: string; log: boolean };

/** A row's value on an axis. */
export function along(axis: Axis, rows: Uint32Array, i: number): number {
  return axis.column ? position(axis.column, rows[i]) : i;
}

/** All values on an axis, in the order of the rows, and their extent. */
export interface Values {
  all: Float64Array;
  extent: Extent | null;
}

/** Reads the values on an axis, and finds the smallest and the largest; on a logarithm of those above 0. They are written into all. */
export function* reading(axis: Axis, rows: Uint32Array, all: Float64Array = new Float64Array(rows.length)): Steps<Values> {
  const column = axis.column;
  let extent: Extent | null = null;
  yield* strides(rows.length, (from, to) => {
    if (column) gather(column, rows, all, from, to);
    else for (let i = from; i < to; i++) all[i] = i;
    extent = together(extent, extentOf(all, axis.log, from, to));
  });
  return { all, extent };
}

/** The smallest and the largest of some values; on a logarithm of those above 0. Infinite ones do not count. */
export function extentOf(all: Float64Array, log: boolean, from = 0, to = all.length): Extent | null {
  let low = Infinity;
  let high = -Infinity;
  const least = log ? Number.MIN_VALUE : -Number.MAX_VALUE;
  for (let i = from; i < to; i++) {
    const v = all[i];
    if (!(v >= least)) continue;
    if (v < low) low = v;
    if (v > high && v !== Infinity) high = v;
  }
  return low <= high ? { low, high } : null;
}

function together(a: Extent | null, b: Extent | null): Extent | null {
  if (!a || !b) return a ?? b;
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

/** What the whole numbers on an axis are called, where they stand for something else. */
export function namesOf(column: Column): string[] | undefined {
  return column.kind === 'text' ? column.dict : column.kind === 'bool' ? ['false', 'true'] : undefined;
}

/** The scale of an axis over an extent. Texts have their names at whole numbers. */
export function axisScale(axis: Axis, extent: Extent | null, start: number, end: number, zoom: Extent | null): Scale {
  const names = axis.column ? namesOf(axis.column) : undefined;
  const whole = names ? { low: -0.5, high: Math.max(0.5, names.length - 0.5) } : roomy(extent, axis.log);
  return scale(zoom ?? whole, start, end, axis.log && !names, names, axis.column === null || axis.column.kind === 'int');
}

/** Where values lie on two scales, times the density of the screen, written into points. */
export function* placing(xs: Float64Array, ys: Float64Array, x: Scale, y: Scale, density: number, points: Points): Steps<Points> {
  yield* strides(xs.length, (from, to) => {
    put(xs, x, density, points.x, from, to);
    put(ys, y, density, points.y, from, to);
  });
  return points;
}

function put(of: Float64Array, s: Scale, density: number, into: Float32Array, from: number, to: number): void {
  if (s.log) {
    for (let i = from; i < to; i++) into[i] = s.at(of[i]) * density;
    return;
  }
  const k = ((s.end - s.start) / (s.high - s.low)) * density;
  const at = s.start * density - s.low * k;
  for (let i = from; i < to; i++) into[i] = at + of[i] * k;
}

/** Moves points that lie outside of the frame of two scales to nowhere: zoomed in they would lie on the axes. */
export function* framing(points: Points, x: Scale, y: Scale, density: number): Steps<void> {
  const [l, r, t, b] = [x.start - 2, x.end + 2, y.end - 2, y.start + 2].map((v) => v * density);
  const { x: px, y: py } = points;
  yield* strides(px.length, (from, to) => {
    for (let i = from; i < to; i++) if (!(px[i] >= l && px[i] <= r && py[i] >= t && py[i] <= b)) px[i] = NaN;
  });
}
