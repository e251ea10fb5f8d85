// The points of two columns: where they lie, and what their extents are.

import { MASK, SHIFT, type Column } from '../data/column';
import { position } from '../data/view';
import type { Points } from './raster';
import { roomy, scale, type Extent, type Scale } from './scale';

/** An axis: a column, or the place of a row in its list. */
export type Axis = { column: Column; label: string; log: boolean } | { column: null; label: string; log: boolean };

/** A row's value on an axis. */
export function along(axis: Axis, rows: Uint32Array, i: number): number {
  return axis.column ? position(axis.column, rows[i]) : i;
}

/** All values on an axis, in the order of the rows. */
export function values(axis: Axis, rows: Uint32Array): Float64Array {
  const out = new Float64Array(rows.length);
  const column = axis.column;
  let at = -1;
  let chunk: Float64Array | undefined;
  for (let i = 0; i < rows.length; i++) {
    if (!column) {
      out[i] = i;
      continue;
    }
    if (rows[i] >>> SHIFT !== at) {
      at = rows[i] >>> SHIFT;
      chunk = column.numbers(at);
    }
    out[i] = chunk ? chunk[rows[i] & MASK] : position(column, rows[i]);
  }
  return out;
}

/** The smallest and the largest of some values; on a logarithm of those above 0. */
export function extentOf(all: Float64Array, log: boolean): Extent | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < all.length; i++) {
    const v = all[i];
    if (log && !(v > 0)) continue;
    if (v < low && v !== -Infinity) low = v;
    if (v > high && v !== Infinity) high = v;
  }
  return low <= high ? { low, high } : null;
}

/** What the whole numbers on an axis are called, where they stand for something else. */
export function namesOf(column: Column): string[] | undefined {
  return column.kind === 'text' ? column.dict : column.kind === 'bool' ? ['false', 'true'] : undefined;
}

/** The scale of an axis over an extent. Texts have their names at whole numbers. */
export function axisScale(axis: Axis, extent: Extent | null, start: number, end: number, zoom: Extent | null): Scale {
  const names = axis.column ? namesOf(axis.column) : undefined;
  const whole = names ? { low: -0.5, high: Math.max(0.5, names.length - 0.5) } : roomy(extent, axis.log);
  return scale(zoom ?? whole, start, end, axis.log && !names, names);
}

/** Where values lie on two scales, times the density of the screen. */
export function place(xs: Float64Array, ys: Float64Array, x: Scale, y: Scale, density: number): Points {
  const n = xs.length;
  const points = { x: new Float32Array(n), y: new Float32Array(n) };
  put(xs, x, density, points.x);
  put(ys, y, density, points.y);
  return points;
}

function put(from: Float64Array, s: Scale, density: number, into: Float32Array): void {
  if (s.log) {
    for (let i = 0; i < from.length; i++) into[i] = s.at(from[i]) * density;
    return;
  }
  const k = ((s.end - s.start) / (s.high - s.low)) * density;
  const at = s.start * density - s.low * k;
  for (let i = 0; i < from.length; i++) into[i] = at + from[i] * k;
}
