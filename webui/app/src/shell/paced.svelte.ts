// Values that follow the data without following every change of it: the
// dearer they are to compute, the more time lies between two of them.

import { untrack } from 'svelte';

export interface Pace {
  /** What the data depends on, read in here; its changes may wait. */
  data: () => unknown;
  /** What a person changes: followed at once. */
  now?: () => unknown;
  /** At least so many ms between two values. */
  least?: number;
}

/** How much longer the pause is than the work. */
const REST = 6;

/** A value that is computed again when what it depends on has changed. Call it while a component is made. */
export function paced<T>(pace: Pace, compute: () => T): { readonly value: T } {
  let value = $state.raw(untrack(compute));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = -Infinity;
  let cost = 0;
  const run = () => {
    clearTimeout(timer);
    timer = undefined;
    const began = performance.now();
    value = untrack(compute);
    ended = performance.now();
    cost = ended - began;
  };
  let first = true;
  $effect(() => {
    pace.now?.();
    if (!first) run();
  });
  $effect(() => {
    pace.data();
    if (first) {
      first = false;
      return;
    }
    const wait = ended + Math.max(pace.least ?? 0, cost > 4 ? REST * cost : 0) - performance.now();
    if (wait <= 0) run();
    else timer ??= setTimeout(run, wait);
  });
  $effect(() => () => clearTimeout(timer));
  return {
    get value() {
      return value;
    },
  };
}

/** The time of performance.now(), moving on every so many ms. */
export function ticking(every: number): { readonly value: number } {
  let value = $state(performance.now());
  $effect(() => {
    const timer = setInterval(() => (value = performance.now()), every);
    return () => clearInterval(timer);
  });
  return {
    get value() {
      return value;
    },
  };
}
