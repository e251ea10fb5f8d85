// How many tasks are in which state, as parts of a whole.

import type { Counts, State } from '../net/api';
import { count } from './format';

/** What has ended first, as a bar is filled. */
const ORDER: State[] = ['finished', 'failed', 'running', 'queued', 'deferred'];

export interface Parts {
  /** The states that some tasks are in, with their shares of the whole. */
  states: { state: State; share: number }[];
  /** The share of what a limit leaves to come; 0 without one. */
  rest: number;
  words: string;
}

/** The parts of all tasks there are, or of a limit's if that is more. Without tasks and limit the rest is all. */
export function partsOf(counts: Counts, limit = 0): Parts {
  const there = ORDER.filter((s) => counts[s] > 0);
  const sum = ORDER.reduce((n, s) => n + counts[s], 0);
  const whole = Math.max(1, sum, limit);
  return {
    states: there.map((state) => ({ state, share: counts[state] / whole })),
    rest: (whole - sum) / whole,
    words: (there.map((s) => `${count(counts[s])} ${s}`).join(', ') || 'no tasks') + (limit > sum ? `, of ${count(limit)}` : ''),
  };
}
