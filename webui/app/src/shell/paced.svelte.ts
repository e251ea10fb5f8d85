// Values that follow the data without following every change of it: the
// dearer they are to compute, the more time lies between two of them.

import { untrack } from 'svelte';
import type { Steps } from '../data/steps';
import type { Work } from '../data/work';

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
/** What takes less than this, in ms, is done at once instead of in slices. */
const AT_ONCE = 4;

/** A value that is computed again when what it depends on has changed. Call it while a component is made. */
export function paced<T>(pace: Pace, compute: () => T): { readonly value: T } {
  let value = $state.raw(untrack(compute));
  let cost = 0;
  follow(pace, {
    rest: () => cost,
    run: (over) => {
      const began = performance.now();
      value = untrack(compute);
      cost = performance.now() - began;
      over();
      return () => {};
    },
    first: false,
  });
  return {
    get value() {
      return value;
    },
  };
}

/**
 * A paced value that may take long: it is computed in slices between frames.
 * Until the first is there it is what before says, and ready is false; then
 * there is always the last one. Call it while a component is made.
 */
export function stepped<T>(work: Work, pace: Pace, before: T, compute: () => Steps<T>): { readonly value: T; readonly ready: boolean } {
  let value = $state.raw(before);
  let ready = $state(false);
  let cost = 0;
  follow(pace, {
    rest: () => cost,
    run: (over) =>
      untrack(() =>
        work.start(
          compute(),
          (result, took) => {
            value = result;
            cost = took;
            ready = true;
            over();
          },
          AT_ONCE,
          (error) => {
            over();
            reportError(error);
          },
        ),
      ),
    first: true,
  });
  return {
    get value() {
      return value;
    },
    get ready() {
      return ready;
    },
  };
}

interface Follower {
  /** What the last value has cost, in ms. */
  rest: () => number;
  /** Begins to compute, and calls over when that has ended. The function that it returns drops it. */
  run: (over: () => void) => () => void;
  /** Whether it computes at first. */
  first: boolean;
}

function follow(pace: Pace, { rest, run, first }: Follower): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = -Infinity;
  let running: { drop: () => void } | null = null;
  let again = false;
  const begin = () => {
    clearTimeout(timer);
    timer = undefined;
    running?.drop();
    const mine = { drop: () => {} };
    running = mine;
    mine.drop = run(() => {
      if (running === mine) running = null;
      ended = performance.now();
      if (again) later();
    });
  };
  // What changes while it is computed is seen by the next one.
  const later = () => {
    again = running !== null;
    if (again) return;
    const cost = rest();
    const wait = ended + Math.max(pace.least ?? 0, cost > 4 ? REST * cost : 0) - performance.now();
    if (wait <= 0) begin();
    else timer ??= setTimeout(begin, wait);
  };
  let told = false;
  $effect.pre(() => {
    pace.now?.();
    if (told || first) begin();
  });
  $effect.pre(() => {
    pace.data();
    if (told) later();
    told = true;
  });
  $effect(() => () => {
    clearTimeout(timer);
    running?.drop();
  });
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
