// Which of two points is better: minima, maxima, best so far, Pareto fronts.

import type { Column } from './column';

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
  const s = sign(objective);
  const out = new Float64Array(rows.length);
  let best = NaN;
  for (let i = 0; i < rows.length; i++) {
    const v = column.number(rows[i]);
    if (!Number.isNaN(v) && !(s * v >= s * best)) best = v;
    out[i] = best;
  }
  return out;
}

/** The row with the best value, the first of them; -1 when none has one. */
export function bestRow(rows: Uint32Array, column: Column, objective: Objective): number {
  const s = sign(objective);
  let best = -1;
  let value = NaN;
  for (const row of rows) {
    const v = column.number(row);
    if (Number.isNaN(v) || s * v >= s * value) continue;
    best = row;
    value = v;
  }
  return best;
}

/**
 * The rows that no other row beats in both objectives, from the best of the
 * first objective to the best of the second. Of equal points all are in it.
 */
export function paretoFront(rows: Uint32Array, x: Column, y: Column, goals: [Objective, Objective]): Uint32Array {
  const [sx, sy] = goals.map(sign);
  const points = Array.from(rows).filter((r) => !Number.isNaN(x.number(r)) && !Number.isNaN(y.number(r)));
  points.sort((a, b) => sx * (x.number(a) - x.number(b)) || sy * (y.number(a) - y.number(b)));
  const front: number[] = [];
  for (const row of points) {
    const last = front.at(-1);
    const better = last === undefined || sy * y.number(row) < sy * y.number(last);
    const same = last !== undefined && x.number(row) === x.number(last) && y.number(row) === y.number(last);
    if (better || same) front.push(row);
  }
  return Uint32Array.from(front);
}
