// What the overview says of all tasks, in one pass over the columns.

import { CHUNK, SHIFT, type Column } from './column';
import { strides, type Steps } from './steps';
import type { TaskStore } from './store';

/** Failures with the same words. */
export interface Group {
  condition: string;
  count: number;
  newest: number;
}

/** Groups failed tasks by why they failed, those with the newest task first. */
export function* failureGroups(store: TaskStore): Steps<Group[]> {
  const state = store.column('task', 'state');
  const condition = store.column('task', 'condition');
  const number = store.column('task', 'number');
  const failed = state?.codeOf('failed') ?? -1;
  if (!state || !number || failed < 0) return [];
  const groups = new Map<number, Group>();
  yield* strides(store.length, (from, to) => {
    for (let row = from; row < to; row++) {
      if (state.code(row) !== failed) continue;
      const code = condition?.code(row) ?? -1;
      let group = groups.get(code);
      if (!group) groups.set(code, (group = { condition: code < 0 ? 'no reason was given' : condition!.dict[code], count: 0, newest: -1 }));
      group.count++;
      group.newest = Math.max(group.newest, number.number(row));
    }
  });
  return [...groups.values()].sort((a, b) => b.newest - a.newest);
}

/** Where the workers' time went, in seconds. */
export interface Spent {
  proposing: number;
  waiting: number;
  evaluating: number;
  storing: number;
}

export const NOTHING_SPENT: Spent = { proposing: 0, waiting: 0, evaluating: 0, storing: 0 };

export function* spent(store: TaskStore): Steps<Spent> {
  const out = { ...NOTHING_SPENT };
  for (const name of Object.keys(out) as (keyof Spent)[]) {
    const column = store.column('task', name);
    if (column) yield* inPieces(store, column, (some) => (out[name] += sum(some)));
  }
  return out;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) total += values[i];
  return total;
}

/** Endings over time, in so many equal stretches up to now. */
export interface Pulse {
  /** The middle of each stretch, in seconds since 1970. */
  at: Float64Array;
  perSecond: Float64Array;
}

export const NO_PULSE: Pulse = { at: new Float64Array(0), perSecond: new Float64Array(0) };

export function* pulse(store: TaskStore, stretches: number): Steps<Pulse> {
  const finished = store.column('task', 'finished');
  if (!finished) return NO_PULSE;
  let low = Infinity;
  let high = -Infinity;
  yield* inPieces(store, finished, (some) => {
    const e = extentOf(some);
    low = Math.min(low, e.low);
    high = Math.max(high, e.high);
  });
  if (!(high > low)) return NO_PULSE;
  const step = (high - low) / stretches;
  const counts = new Float64Array(stretches);
  yield* inPieces(store, finished, (some) => countIn(some, low, step, counts));
  return {
    at: Float64Array.from(counts, (_, i) => (low + (i + 0.5) * step) / 1e6),
    perSecond: counts.map((n) => (n * 1e6) / step),
  };
}

function extentOf(values: Float64Array): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return { low, high };
}

// What came since the extent was taken belongs to the ends.
function countIn(values: Float64Array, low: number, step: number, counts: Float64Array): void {
  const last = counts.length - 1;
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor((values[i] - low) / step);
    if (at === at) counts[Math.max(0, Math.min(last, at))]++;
  }
}

/** Calls back with the numbers of a column, some at a time; NaN for none. */
function* inPieces(store: TaskStore, column: Column, call: (some: Float64Array) => void): Steps<void> {
  const n = store.length;
  const buffer = new Float64Array(Math.min(n, CHUNK));
  for (let chunk = 0; chunk << SHIFT < n; chunk++) {
    const first = chunk << SHIFT;
    const some = column.numbers(chunk) ?? buffer.map((_, i) => column.number(first + i));
    call(some.subarray(0, Math.min(CHUNK, n - first)));
    yield;
  }
}
