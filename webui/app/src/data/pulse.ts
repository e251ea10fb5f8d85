// How many tasks ended when, in stretches that are long enough for the number to
// mean something: a few endings each, and a length that people know.

import type { Steps } from './steps';
import type { TaskStore } from './store';
import { inPieces } from './summary';

/** Endings over time. */
export interface Pulse {
  /** When each stretch began, in seconds since 1970. */
  at: number[];
  /** How many ended in each. */
  counts: number[];
  /** The length of a stretch, in seconds. */
  step: number;
}

const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
/** A mean number of endings in a stretch: with fewer, chance is most of what is seen. */
const FEW = 5;

export const NO_PULSE: Pulse = { at: [], counts: [], step: 0 };

/** The endings of the tasks in at most so many stretches, those of a stretch that is not over yet left out while the run goes on. */
export function* pulse(store: TaskStore, most: number, going: boolean): Steps<Pulse> {
  const finished = store.column('task', 'finished');
  if (!finished) return NO_PULSE;
  let low = Infinity;
  let high = -Infinity;
  let n = 0;
  yield* inPieces(store, finished, (some) => {
    for (const t of some) {
      if (Number.isNaN(t)) continue;
      n++;
      if (t < low) low = t;
      if (t > high) high = t;
    }
  });
  if (n < 2 || !(high > low)) return NO_PULSE;
  const step = stretch((high - low) / 1e6, n, most);
  const first = Math.floor(low / 1e6 / step);
  const counts = new Array<number>(Math.floor(high / 1e6 / step) - first + 1).fill(0);
  const last = counts.length - 1;
  yield* inPieces(store, finished, (some) => {
    // What came since the ends were looked for belongs to them.
    for (const t of some) if (!Number.isNaN(t)) counts[Math.max(0, Math.min(last, Math.floor(t / 1e6 / step) - first))]++;
  });
  if (going && counts.length > 2) counts.pop();
  return { at: counts.map((_, i) => (first + i) * step), counts, step };
}

function stretch(seconds: number, n: number, most: number): number {
  const least = Math.max(seconds / (most - 1), (FEW * seconds) / n);
  return STEPS.find((s) => s >= least) ?? 86400 * Math.ceil(least / 86400);
}
