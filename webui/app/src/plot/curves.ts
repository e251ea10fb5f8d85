// Learning curves: which lines there are, and how many of them run where when
// there are too many to be drawn one by one.

import { sign, type Objective } from '../data/codomain';
import type { Column } from '../data/column';
import type { Curves } from '../data/curves';
import type { Steps } from '../data/steps';
import type { TaskStore } from '../data/store';
import type { Extent, Scale } from './scale';

/** So many lines are done before something else may have its turn. */
export const SOME = 1000;
/** Above so many lines they are counted instead of drawn one by one. */
export const EXACT_CURVES = 2000;

/** How a line ends; what was left is a point that was not promoted to a larger budget. */
export type Ending = 'finished' | 'stopped' | 'left' | 'running' | 'failed';
/** The endings in the order in which they are listed, with their words. */
export const ENDINGS: [Ending, string][] = [
  ['finished', 'finished'],
  ['stopped', 'stopped early'],
  ['left', 'not promoted'],
  ['running', 'running'],
  ['failed', 'failed'],
];
export const WORDS = Object.fromEntries(ENDINGS) as Record<Ending, string>;

/** What a task had of an output after each step, or a point at each budget. */
export interface Curve {
  number: number;
  row: number;
  ending: Ending;
  /** Whether it is in the brush. */
  marked: boolean;
  xs: Float64Array;
  ys: Float64Array;
}

/** For each row of the store whether it is shown: 0 is not, 1 is outside of the brush, 2 is in it. Null is all. */
export function shownRows(store: TaskStore, rows: Uint32Array | null, flags: Uint8Array | null): Uint8Array {
  const shown = new Uint8Array(store.length).fill(rows ? 0 : 2);
  for (let i = 0; rows && i < rows.length; i++) shown[rows[i]] = flags === null || flags[i] ? 2 : 1;
  return shown;
}

/** The curves of an output of the rows, by ascending number. flags says which of the rows are in the brush. Null is all of them. */
export function* curvesOf(curves: Curves, store: TaskStore, rows: Uint32Array | null, flags: Uint8Array | null, output: string): Steps<Curve[]> {
  const shown = shownRows(store, rows, flags);
  const endings = endingsOf(store);
  const attempt = store.column('task', 'attempt');
  const out: Curve[] = [];
  let n = 0;
  for (const c of curves.byTask.values()) {
    if (++n % SOME === 0) yield;
    const row = store.row(c.number);
    const values = c.piece.ys.get(output);
    if (row < 0 || !shown[row] || !values) continue;
    const known = attempt?.number(row) ?? NaN;
    if (known > c.attempt) continue; // it runs again, and has not reported yet
    const ending = known < c.attempt || c.state === 'running' ? 'running' : endings(row); // reports and rows do not come together
    const ys = values.subarray(c.from, c.to);
    if (ending && ys.some((v) => !Number.isNaN(v))) out.push({ number: c.number, row, ending, marked: shown[row] === 2, xs: c.piece.steps.subarray(c.from, c.to), ys });
  }
  return out.sort((a, b) => a.number - b.number);
}

/** Says how the task of a row ended; null where it has not begun. */
export function endingsOf(store: TaskStore): (row: number) => Ending | null {
  const state = store.column('task', 'state');
  const stopped = [store.column('ys_extra', 'stopped_at'), store.column('ys', 'stopped_at')].filter((c) => c !== undefined);
  return (row) => {
    switch (state?.value(row)) {
      case 'finished':
        return stopped.some((c) => !c.missing(row)) ? 'stopped' : 'finished';
      case 'failed':
        return 'failed';
      case 'running':
        return 'running';
    }
    return null;
  };
}

/**
 * The curves over the share of their steps instead: of the task's budget where
 * there is one, else of its own last step if it has finished, and of the last
 * step of all if it has not.
 */
export function byShare(curves: Curve[], budget: Column | null): Curve[] {
  const last = (c: Curve) => c.xs[c.xs.length - 1];
  const most = curves.reduce((m, c) => Math.max(m, last(c)), 0);
  return curves.map((c) => {
    const whole = budget ? budget.number(c.row) : c.ending === 'finished' ? last(c) : most;
    return { ...c, xs: c.xs.map((x) => (whole > 0 ? x / whole : NaN)) };
  });
}

/** Whether finished tasks have different last steps, so that shares tell something else than steps. */
export function uneven(curves: Curve[]): boolean {
  const ends = curves.filter((c) => c.ending === 'finished').map((c) => c.xs[c.xs.length - 1]);
  return ends.some((e) => e !== ends[0]);
}

/** The last value of a curve and the step after which it was there. */
export function lastOf(c: Curve): { x: number; y: number } {
  let i = c.ys.length - 1;
  while (i > 0 && Number.isNaN(c.ys[i])) i--;
  return { x: c.xs[i], y: c.ys[i] };
}

/** The curve that ends best, not stopped early if there is one; null without a direction. */
export function bestOf(curves: Curve[], objective: Objective | null): Curve | null {
  if (objective === null || (objective.goal !== 'minimize' && objective.goal !== 'maximize')) return null;
  const s = sign(objective);
  const rank = (c: Curve) => (c.ending === 'finished' ? 0 : c.ending === 'failed' ? 2 : 1);
  let best: Curve | null = null;
  for (const c of curves) {
    if (best === null || rank(c) < rank(best) || (rank(c) === rank(best) && s * lastOf(c).y < s * lastOf(best).y)) best = c;
  }
  return best;
}

/** The smallest and the largest of all that can be shown. */
export function* extents(curves: Curve[], logX: boolean, logY: boolean): Steps<{ x: Extent | null; y: Extent | null }> {
  const x = { low: Infinity, high: -Infinity };
  const y = { low: Infinity, high: -Infinity };
  let n = 0;
  for (const c of curves) {
    if (++n % SOME === 0) yield;
    for (let i = 0; i < c.xs.length; i++) {
      if (Number.isNaN(c.ys[i]) || Number.isNaN(c.xs[i]) || (logX && c.xs[i] <= 0) || (logY && c.ys[i] <= 0)) continue;
      if (c.xs[i] < x.low) x.low = c.xs[i];
      if (c.xs[i] > x.high) x.high = c.xs[i];
      if (c.ys[i] < y.low && c.ys[i] !== -Infinity) y.low = c.ys[i];
      if (c.ys[i] > y.high && c.ys[i] !== Infinity) y.high = c.ys[i];
    }
  }
  return { x: x.low <= x.high ? x : null, y: y.low <= y.high ? y : null };
}

/** Whether values spread so far that only a logarithm shows them. */
export function wide(e: Extent | null): boolean {
  return e !== null && e.low > 0 && e.high / e.low > 100;
}

/** How many curves run through each cell of a grid, column by column from the left, and from the top in each. */
export interface Crowd {
  across: number;
  down: number;
  counts: Uint32Array;
  /** How many there are in each column. */
  columns: Uint32Array;
  /** How many were stopped early, or not promoted, in each column. */
  stopped: Uint32Array;
  most: number;
}

/** Counts curves in cells of so many pixels. */
export function* crowd(curves: Curve[], x: Scale, y: Scale, cell: number): Steps<Crowd> {
  const across = Math.max(1, Math.ceil((x.end - x.start) / cell));
  const down = Math.max(1, Math.ceil((y.start - y.end) / cell));
  const out: Crowd = { across, down, counts: new Uint32Array(across * down), columns: new Uint32Array(across), stopped: new Uint32Array(across), most: 0 };
  const column = (px: number) => Math.min(across - 1, Math.max(0, Math.floor((px - x.start) / cell)));
  let n = 0;
  for (const c of curves) {
    if (++n % SOME === 0) yield;
    countOne(c, x, y, cell, out);
    if (c.ending === 'stopped' || c.ending === 'left') out.stopped[column(x.at(lastOf(c).x))]++;
  }
  for (const some of out.counts) if (some > out.most) out.most = some;
  return out;
}

// A curve counts once in each column that it runs through, at the column's middle.
function countOne(c: Curve, x: Scale, y: Scale, cell: number, out: Crowd): void {
  let next = 0;
  let [lastX, lastY] = [NaN, NaN];
  for (let i = 0; i < c.xs.length; i++) {
    const [px, py] = [x.at(c.xs[i]), y.at(c.ys[i])];
    if (Number.isNaN(px) || Number.isNaN(py)) continue;
    if (Number.isNaN(lastX)) next = Math.max(0, Math.round((px - x.start) / cell));
    for (; next < out.across && x.start + (next + 0.5) * cell <= px + cell / 2; next++) {
      const share = Number.isNaN(lastX) || px === lastX ? 1 : Math.min(1, Math.max(0, (x.start + (next + 0.5) * cell - lastX) / (px - lastX)));
      const at = Number.isNaN(lastY) ? py : lastY + (py - lastY) * share;
      const row = Math.floor((at - y.end) / cell);
      if (row < 0 || row >= out.down) continue;
      out.counts[next * out.down + row]++;
      out.columns[next]++;
    }
    [lastX, lastY] = [px, py];
  }
}

/** The row below which, seen from the top, a share of a column's curves lies; NaN where there are fewer than three. */
export function quantileRow(c: Crowd, column: number, share: number): number {
  const wanted = share * c.columns[column];
  if (c.columns[column] < 3) return NaN;
  let sum = 0;
  for (let row = 0; row < c.down; row++) {
    sum += c.counts[column * c.down + row];
    if (sum >= wanted) return row + 0.5;
  }
  return c.down - 0.5;
}

/** The curve whose line runs nearest to a place, within a distance, and its point that is nearest. */
export function nearest(curves: Curve[], x: Scale, y: Scale, px: number, py: number, within: number): { curve: Curve; point: number } | null {
  let found: { curve: Curve; point: number } | null = null;
  let least = within;
  for (const curve of curves) {
    let [ax, ay] = [NaN, NaN];
    for (let i = 0; i < curve.xs.length; i++) {
      const [bx, by] = [x.at(curve.xs[i]), y.at(curve.ys[i])];
      const d = Number.isNaN(ax) ? Math.hypot(px - bx, py - by) : distance(px, py, ax, ay, bx, by);
      if (d < least) {
        least = d;
        found = { curve, point: Math.abs(px - ax) < Math.abs(px - bx) ? i - 1 : i };
      }
      [ax, ay] = [bx, by];
    }
  }
  return found;
}

function distance(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}
