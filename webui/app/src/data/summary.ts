// What the overview says of all tasks, in one pass over the columns.

import type { TaskStore } from './store';

/** Failures with the same words. */
export interface Group {
  condition: string;
  count: number;
  newest: number;
}

/** Groups failed tasks by why they failed, those with the newest task first. */
export function failureGroups(store: TaskStore): Group[] {
  const state = store.column('task', 'state');
  const condition = store.column('task', 'condition');
  const failed = state?.codeOf('failed') ?? -1;
  if (!state || failed < 0) return [];
  const groups = new Map<number, Group>();
  for (let row = 0; row < store.length; row++) {
    if (state.code(row) !== failed) continue;
    const code = condition?.code(row) ?? -1;
    let group = groups.get(code);
    if (!group) groups.set(code, (group = { condition: code < 0 ? 'no reason was given' : condition!.dict[code], count: 0, newest: -1 }));
    group.count++;
    group.newest = Math.max(group.newest, store.number(row));
  }
  return [...groups.values()].sort((a, b) => b.newest - a.newest);
}

/** Where the workers' time went, in seconds. */
export interface Spent {
  proposing: number;
  waiting: number;
  evaluating: number;
  storing: number;
}

export function spent(store: TaskStore): Spent {
  const sum = (name: string) => {
    const column = store.column('task', name);
    let total = 0;
    if (column) for (let row = 0; row < store.length; row++) total += column.number(row) || 0;
    return total;
  };
  return { proposing: sum('proposing'), waiting: sum('waiting'), evaluating: sum('evaluating'), storing: sum('storing') };
}

/** Endings over time, in so many equal stretches up to now. */
export interface Pulse {
  /** The middle of each stretch, in seconds since 1970. */
  at: Float64Array;
  perSecond: Float64Array;
}

export function pulse(store: TaskStore, stretches: number): Pulse {
  const finished = store.column('task', 'finished');
  let low = Infinity;
  let high = -Infinity;
  for (let row = 0; finished && row < store.length; row++) {
    const t = finished.number(row);
    if (t < low) low = t;
    if (t > high) high = t;
  }
  if (!finished || !(high > low)) return { at: new Float64Array(0), perSecond: new Float64Array(0) };
  const step = (high - low) / stretches;
  const perSecond = new Float64Array(stretches);
  for (let row = 0; row < store.length; row++) {
    const t = finished.number(row);
    if (!Number.isNaN(t)) perSecond[Math.min(stretches - 1, Math.floor((t - low) / step))] += 1e6 / step;
  }
  return { at: Float64Array.from({ length: stretches }, (_, i) => (low + (i + 0.5) * step) / 1e6), perSecond };
}
