// Which of two points is better: minima, maxima, best so far, Pareto fronts.

import type { Column } from './column';
import { gather } from './gather';
import { sorting } from './sort';
import { finish, STRIDE, strides, type Steps } from './steps';

export type Goal = 'minimize' | 'maximize' | 'constraint' | 'record';

/** An output that the search is about. */
export interface Objective {
  name: string;
  goal: Goal;
}

/** The objectives that have a direction. */
export function directed(codomain: Objective[]): Objective[] {
  return codomain.filter((o) => o.goal === 'minimize' || o.goal === 'maximize');
}

/** 1 where less is better, -1 where more is: times it, everything is minimized. */
export function sign(o: Objective): 1 | -1 {
  return o.goal === 'maximize' ? -1 : 1;
}

/**
 * The best value up to and including each of the rows, in their order. NaN
 * until the first value.
 */
export function bestSoFar(rows: Uint32Array, column: Column, objective: Objective): Float64Array {
  const out = new Float64Array(rows.length).fill(NaN);
  const { at, values } = finish(improving(rows, column, objective));
  at.forEach((i, k) => out.fill(values[k], i, at[k + 1] ?? rows.length));
  return out;
}

/** Where the best value of the rows so far changes: the places in rows, and the values from there on. */
export interface Improvements {
  at: number[];
  values: number[];
}

/** The steps of the best so far. The last of them is the best of all, and the first row that has it. */
export function* improving(rows: Uint32Array, column: Column, objective: Objective): Steps<Improvements> {
  const s = sign(objective);
  const found: Improvements = { at: [], values: [] };
  const values = new Float64Array(Math.min(STRIDE, rows.length));
  let best = NaN;
  yield* strides(rows.length, (from, to) => {
    gather(column, rows, values, from, to, 0);
    for (let i = 0; i < to - from; i++) {
      const v = values[i];
      if (v !== v || s * v >= s * best) continue;
      found.at.push(from + i);
      found.values.push((best = v));
    }
  });
  return found;
}

/**
 * The rows that no other row beats in both objectives, from the best of the
 * first objective to the best of the second. Of equal points all are in it.
 */
export function paretoFront(rows: Uint32Array, x: Column, y: Column, goals: [Objective, Objective]): Uint32Array {
  return finish(fronting(rows, x, y, goals));
}

/** How many rows make the front that the others are first held against. */
const SAMPLE = 4096;

/**
 * paretoFront, in steps: the front of a sample drops nearly all of the other
 * rows, and what is left is sorted.
 */
export function* fronting(rows: Uint32Array, x: Column, y: Column, goals: [Objective, Objective]): Steps<Uint32Array> {
  if (rows.length <= SAMPLE) return yield* sweep(rows, x, y, goals);
  const step = rows.length / SAMPLE;
  const sample = yield* sweep(Uint32Array.from({ length: SAMPLE }, (_, i) => rows[Math.floor(i * step)]), x, y, goals);
  const [sx, sy] = goals.map(sign);
  const fx = Float64Array.from(sample, (r) => sx * x.number(r));
  const fy = Float64Array.from(sample, (r) => sy * y.number(r));
  const kept = new Uint32Array(rows.length);
  const xs = new Float64Array(STRIDE);
  const ys = new Float64Array(STRIDE);
  let n = 0;
  yield* strides(rows.length, (from, to) => {
    gather(x, rows, xs, from, to, 0);
    gather(y, rows, ys, from, to, 0);
    for (let i = 0; i < to - from; i++) if (!beaten(fx, fy, sx * xs[i], sy * ys[i])) kept[n++] = rows[from + i];
  });
  return yield* sweep(kept.subarray(0, n), x, y, goals);
}

/** Whether a point is worse in both than one of a front: x rises along it, and y falls. */
function beaten(fx: Float64Array, fy: Float64Array, px: number, py: number): boolean {
  let low = 0;
  let high = fx.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fx[middle] < px) low = middle + 1;
    else high = middle;
  }
  return low > 0 && fy[low - 1] < py;
}

function* sweep(rows: Uint32Array, x: Column, y: Column, goals: [Objective, Objective]): Steps<Uint32Array> {
  const [sx, sy] = goals.map(sign);
  const whole = rows.filter((r) => !Number.isNaN(x.number(r)) && !Number.isNaN(y.number(r)));
  yield;
  const byY = yield* sorting(whole, { column: y, descending: sy < 0 });
  const sorted = yield* sorting(byY, { column: x, descending: sx < 0 });
  const front: number[] = [];
  let [lastX, lastY] = [NaN, NaN];
  for (const row of sorted) {
    const [px, py] = [x.number(row), y.number(row)];
    if (front.length > 0 && !(sy * py < sy * lastY) && !(px === lastX && py === lastY)) continue;
    front.push(row);
    [lastX, lastY] = [px, py];
  }
  return Uint32Array.from(front);
}
