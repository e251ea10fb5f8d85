// A smooth surface through scattered points: local linear regression with
// Gaussian weights (Cleveland and Devlin, 1988), whose width follows how dense
// the points lie. The points are summed up on a grid with their exact moments
// first, so that a million of them cost no more than one pass, and a plane is
// found as it is.

import { strides, type Steps } from '../data/steps';
import { extentOf } from './cloud';

/** The surface at the nodes of a grid, row by row. */
export interface Surface {
  across: number;
  down: number;
  /** The height at each node; NaN where no point is near. */
  z: Float64Array;
  /** How much farther the nearest point is than one may be, in shares of the plot: at most 0 where the surface is known. */
  beyond: Float64Array;
  /** The ends of the known heights; NaN when nothing is known. */
  low: number;
  high: number;
  /** How many points have all three values. */
  points: number;
  /** The share of the nodes that are known. */
  known: number;
}

export const ACROSS = 96;
export const DOWN = 64;

/** Widths of the weights, in shares of the plot; the last one is for points with wide gaps between them. */
const WIDTHS = [0.02, 0.04, 0.08, 0.16];
const WIDEST = 0.32;
/** What keeps points along a line from tilting the plane across it. */
const RIDGE = 0.02;

// The moments of points at a node: how many, and the sums of u, v, uu, uv, vv, z, uz, vz.
const MOMENTS = 9;

/** How far from one another two places for points are at most along each axis, such as whole numbers; 0 where there may be one anywhere. In shares of the plot. */
export interface Gaps {
  u: number;
  v: number;
}

/** Fits the surface through points from 0 to 1 along both axes; those beyond, and those with a NaN, do not count. Where no point can be, between two places, is no hole. */
export function* surface(us: Float64Array, vs: Float64Array, zs: Float64Array, gaps: Gaps = { u: 0, v: 0 }): Steps<Surface> {
  const size = ACROSS * DOWN;
  const sums = Array.from({ length: MOMENTS }, () => new Float64Array(size));
  yield* strides(zs.length, (from, to) => collect(sums, us, vs, zs, from, to));
  const points = sums[0].reduce((a, b) => a + b, 0);
  const wanted = Math.max(10, Math.sqrt(points));
  const beyond = yield* distances(sums[0], Math.min(0.14, Math.max(0.05, 2 / Math.sqrt(points))), gaps);
  const z = new Float64Array(size).fill(NaN);
  let finer: { z: Float64Array; weight: Float64Array } | null = null;
  const widths = Math.max(gaps.u, gaps.v) > 2 * WIDTHS[3] ? [...WIDTHS, WIDEST] : WIDTHS;
  for (const [k, width] of widths.entries()) {
    const level = yield* regression(sums, width);
    merge(z, level, finer, wanted, k === widths.length - 1);
    finer = level;
    yield;
  }
  const { low, high } = extentOf(zs, false) ?? { low: NaN, high: NaN };
  // A steep plane may overshoot at an edge: nothing is promised that no point had.
  for (let i = 0; i < z.length; i++) z[i] = Math.min(high, Math.max(low, z[i]));
  return { across: ACROSS, down: DOWN, z, beyond, points, ...ends(z, beyond) };
}

function collect(sums: Float64Array[], us: Float64Array, vs: Float64Array, zs: Float64Array, from: number, to: number): void {
  const [n, su, sv, suu, suv, svv, sz, suz, svz] = sums;
  for (let i = from; i < to; i++) {
    const [u, v, z] = [us[i], vs[i], zs[i]];
    if (!(u >= 0 && u <= 1 && v >= 0 && v <= 1 && z - z === 0)) continue;
    const at = Math.round(v * (DOWN - 1)) * ACROSS + Math.round(u * (ACROSS - 1));
    n[at]++;
    su[at] += u;
    sv[at] += v;
    suu[at] += u * u;
    suv[at] += u * v;
    svv[at] += v * v;
    sz[at] += z;
    suz[at] += u * z;
    svz[at] += v * z;
  }
}

/** The plane at each node, by weights of a width, and how many points it rests on. */
function* regression(sums: Float64Array[], width: number): Steps<{ z: Float64Array; weight: Float64Array }> {
  const [kx, ky] = [kernel(width * (ACROSS - 1)), kernel(width * (DOWN - 1))];
  const m: Float64Array[] = [];
  for (const sum of sums) {
    m.push(blurred(sum, kx, ky));
    yield;
  }
  const z = new Float64Array(sums[0].length);
  for (let i = 0; i < z.length; i++) z[i] = plane(m, i, (i % ACROSS) / (ACROSS - 1), Math.floor(i / ACROSS) / (DOWN - 1), RIDGE * width * width);
  return { z, weight: m[0] };
}

function plane([w, su, sv, suu, suv, svv, sz, suz, svz]: Float64Array[], i: number, u: number, v: number, ridge: number): number {
  const n = w[i];
  if (!(n > 1e-9)) return NaN;
  const [mu, mv, mz] = [su[i] / n, sv[i] / n, sz[i] / n];
  const cuu = suu[i] / n - mu * mu + ridge;
  const cvv = svv[i] / n - mv * mv + ridge;
  const cuv = suv[i] / n - mu * mv;
  const cuz = suz[i] / n - mu * mz;
  const cvz = svz[i] / n - mv * mz;
  const determinant = cuu * cvv - cuv * cuv;
  if (!(determinant > 0)) return mz;
  return mz + ((cvv * cuz - cuv * cvz) * (u - mu) + (cuu * cvz - cuv * cuz) * (v - mv)) / determinant;
}

/** Fills the nodes at which so many points are reached by this width, and not by the finer one: between the two, in proportion. */
function merge(z: Float64Array, level: { z: Float64Array; weight: Float64Array }, finer: { z: Float64Array; weight: Float64Array } | null, wanted: number, last: boolean): void {
  for (let i = 0; i < z.length; i++) {
    if (!Number.isNaN(z[i]) || (level.weight[i] < wanted && !last)) continue;
    const few = finer?.weight[i] ?? 0;
    // A plane through a point or two is no plane.
    if (few < 2) {
      z[i] = level.z[i];
      continue;
    }
    const share = Math.min(1, Math.log(wanted / few) / Math.max(1e-9, Math.log(Math.max(wanted, level.weight[i]) / few)));
    z[i] = finer!.z[i] + (level.z[i] - finer!.z[i]) * share;
  }
}

function kernel(sigma: number): Float64Array {
  const reach = Math.ceil(2.8 * sigma);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
}

function blurred(from: Float64Array, kx: Float64Array, ky: Float64Array): Float64Array {
  const [rx, ry] = [(kx.length - 1) >> 1, (ky.length - 1) >> 1];
  const rows = new Float64Array(from.length);
  for (let r = 0; r < DOWN; r++)
    for (let c = 0; c < ACROSS; c++) {
      const v = from[r * ACROSS + c];
      if (v === 0) continue;
      for (let k = Math.max(-rx, -c); k <= rx && c + k < ACROSS; k++) rows[r * ACROSS + c + k] += v * kx[k + rx];
    }
  const out = new Float64Array(from.length);
  for (let r = 0; r < DOWN; r++)
    for (let k = Math.max(-ry, -r); k <= ry && r + k < DOWN; k++) {
      const weight = ky[k + ry];
      for (let c = 0; c < ACROSS; c++) out[(r + k) * ACROSS + c] += rows[r * ACROSS + c] * weight;
    }
  return out;
}

/** How far each node is from the nearest one that has a point, beside half a gap, less the reach. */
function* distances(counts: Float64Array, reach: number, gaps: Gaps): Steps<Float64Array> {
  const far = reach + 3 / DOWN;
  const out = Float64Array.from(counts, (n) => (n > 0 ? -reach : far - reach));
  // Half a gap, and what rounding to nodes may take at both of its ends.
  const [gu, gv] = [gaps.u > 0 ? gaps.u / 2 + 1 / ACROSS : 0, gaps.v > 0 ? gaps.v / 2 + 1 / DOWN : 0];
  const [rx, ry] = [Math.min(ACROSS - 1, Math.ceil((far + gu) * (ACROSS - 1))), Math.min(DOWN - 1, Math.ceil((far + gv) * (DOWN - 1)))];
  const wide = 2 * rx + 1;
  const past = (n: number, of: number, free: number) => Math.max(0, Math.abs(n) / (of - 1) - free);
  const away = Float64Array.from({ length: wide * (2 * ry + 1) }, (_, i) => Math.hypot(past((i % wide) - rx, ACROSS, gu), past(Math.floor(i / wide) - ry, DOWN, gv)) - reach);
  for (let r = 0; r < DOWN; r++) {
    for (let c = 0; c < ACROSS; c++) {
      if (counts[r * ACROSS + c] === 0 || surrounded(counts, c, r)) continue;
      for (let y = Math.max(0, r - ry); y <= Math.min(DOWN - 1, r + ry); y++)
        for (let x = Math.max(0, c - rx); x <= Math.min(ACROSS - 1, c + rx); x++) {
          const d = away[(y - r + ry) * wide + x - c + rx];
          if (d < out[y * ACROSS + x]) out[y * ACROSS + x] = d;
        }
    }
    if (r % 4 === 3) yield;
  }
  return out;
}

/** Whether all nodes around have points: then none is nearest to this one. */
function surrounded(counts: Float64Array, c: number, r: number): boolean {
  for (let y = Math.max(0, r - 1); y <= Math.min(DOWN - 1, r + 1); y++)
    for (let x = Math.max(0, c - 1); x <= Math.min(ACROSS - 1, c + 1); x++) if (counts[y * ACROSS + x] === 0) return false;
  return true;
}

function ends(z: Float64Array, beyond: Float64Array): { low: number; high: number; known: number } {
  let [low, high, known] = [Infinity, -Infinity, 0];
  for (let i = 0; i < z.length; i++) {
    if (!(beyond[i] <= 0) || Number.isNaN(z[i])) continue;
    known++;
    low = Math.min(low, z[i]);
    high = Math.max(high, z[i]);
  }
  return known === 0 ? { low: NaN, high: NaN, known: 0 } : { low, high, known: known / z.length };
}
