// What the overview says of all tasks, in one pass over the columns.

import { CHUNK, SHIFT, type Column } from './column';
import { strides, type Steps } from './steps';
import type { TaskStore } from './store';

/** Failures with the same words. */
export interface Group {
  condition: string;
  count: number;
  newest: number;
  oldest: number;
}

/** Groups failed tasks by why they failed, those that came last first: they keep their places while they grow. */
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
      if (!group) groups.set(code, (group = { condition: code < 0 ? 'no reason was given' : condition!.dict[code], count: 0, newest: -1, oldest: Infinity }));
      group.count++;
      group.newest = Math.max(group.newest, number.number(row));
      group.oldest = Math.min(group.oldest, number.number(row));
    }
  });
  return [...groups.values()].sort((a, b) => b.oldest - a.oldest);
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

/** Calls back with the numbers of a column, some at a time; NaN for none. */
export function* inPieces(store: TaskStore, column: Column, call: (some: Float64Array) => void): Steps<void> {
  const n = store.length;
  const buffer = new Float64Array(Math.min(n, CHUNK));
  for (let chunk = 0; chunk << SHIFT < n; chunk++) {
    const first = chunk << SHIFT;
    const some = column.numbers(chunk) ?? buffer.map((_, i) => column.number(first + i));
    call(some.subarray(0, Math.min(CHUNK, n - first)));
    yield;
  }
}
