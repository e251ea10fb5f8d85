// Where values stand among each other: colors by rank show differences that a
// few values far away would hide.

import { strides, type Steps } from '../data/steps';

/** How many values stand for all. */
const SAMPLE = 4096;

/** The share of the others that each value is above, from 0 to 1, NaN where there is none. Of more than 4096 values every so manyth is compared with. */
export function* ranking(all: Float64Array, into: Float32Array): Steps<Float32Array> {
  const every = Math.ceil(all.length / SAMPLE);
  const sample = all.filter((v, i) => i % every === 0 && !Number.isNaN(v)).sort();
  const last = Math.max(1, sample.length - 1);
  yield* strides(all.length, (from, to) => {
    for (let i = from; i < to; i++) into[i] = Number.isNaN(all[i]) ? NaN : Math.min(1, below(sample, all[i]) / last);
  }, 4096);
  return into;
}

/** How many of some ascending values are less than v. */
function below(sorted: Float64Array, v: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < v) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The places of the best of some values, the best last; those that are missing or whose flag is 0 are left out. */
export function* bestOf(all: Float64Array, count: number, largest: boolean, flags: Uint8Array | null = null): Steps<number[]> {
  const found: number[] = [];
  const sign = largest ? 1 : -1;
  yield* strides(all.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (Number.isNaN(all[i]) || (flags && flags[i] === 0)) continue;
      if (found.length === count && !(sign * all[i] > sign * all[found[0]])) continue;
      let at = found.length;
      while (at > 0 && sign * all[found[at - 1]] >= sign * all[i]) at--;
      found.splice(at, 0, i);
      if (found.length > count) found.shift();
    }
  });
  return found;
}
