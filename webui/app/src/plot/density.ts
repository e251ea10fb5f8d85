// How dense lines lie between two upright axes, when there are too many to draw
// one by one: they are counted from stretch to stretch, and what runs through
// each pixel is added up.

import { strides, type Steps } from '../data/steps';

/** Stretches of an axis for counting. */
export const BINS = 48;

/** The lines from each stretch of an axis to each of the next, at i * BINS + j. */
export interface Flow {
  counts: Uint32Array;
  /** Their shares, added up. */
  sums: Float64Array;
}

/** Counts the lines of rows between stretches; rows without a value on one of the axes have none. share says how good each row is, NaN as 0. */
export function* flowing(left: Uint8Array, right: Uint8Array, shares: Float32Array | null, marked: Uint8Array | null, flag: number): Steps<Flow> {
  // A row and a column more than there are stretches take what has no value.
  const wide = BINS + 1;
  const all = new Uint32Array(wide * wide);
  const good = new Float64Array(wide * wide);
  yield* strides(left.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (marked && marked[i] !== flag) continue;
      const at = left[i] * wide + right[i];
      all[at]++;
      if (shares) good[at] += shares[i] || 0;
    }
  });
  const flow = { counts: new Uint32Array(BINS * BINS), sums: new Float64Array(BINS * BINS) };
  for (let i = 0; i < BINS; i++) {
    flow.counts.set(all.subarray(i * wide, i * wide + BINS), i * BINS);
    flow.sums.set(good.subarray(i * wide, i * wide + BINS), i * BINS);
  }
  return flow;
}

/** What runs through each pixel between two axes, column by column from the left, each from the top. */
export interface Density {
  across: number;
  down: number;
  counts: Float32Array;
  /** The mean share of what runs through it. */
  means: Float32Array;
  most: number;
}

/** Lays a flow out over so many pixels; what begins in a stretch fills its height, the first one the lowest. */
export function* laying(flow: Flow, across: number, down: number): Steps<Density> {
  const runs = [...flow.counts.keys()].filter((at) => flow.counts[at] > 0);
  const thick = down / BINS;
  const out: Density = { across, down, counts: new Float32Array(across * down), means: new Float32Array(across * down), most: 0 };
  const n = new Float64Array(down + 2);
  const sum = new Float64Array(down + 2);
  yield* strides(across, (from, to) => {
    for (let x = from; x < to; x++) {
      n.fill(0);
      sum.fill(0);
      const t = (x + 0.5) / across;
      for (const at of runs) {
        const i = Math.floor(at / BINS);
        const top = (BINS - 1 - (i + t * ((at % BINS) - i))) * thick;
        edge(n, top, flow.counts[at]);
        edge(sum, top, flow.sums[at]);
        edge(n, top + thick, -flow.counts[at]);
        edge(sum, top + thick, -flow.sums[at]);
      }
      total(out, x, n, sum);
    }
  }, 8);
  return out;
}

// Where something begins or ends between two pixels, each has its part.
function edge(changes: Float64Array, at: number, by: number): void {
  const pixel = Math.floor(at);
  const part = at - pixel;
  changes[pixel] += by * (1 - part);
  changes[pixel + 1] += by * part;
}

function total(out: Density, x: number, n: Float64Array, sum: Float64Array): void {
  let [count, good] = [0, 0];
  for (let y = 0; y < out.down; y++) {
    count += n[y];
    good += sum[y];
    const at = x * out.down + y;
    if (count < 1e-6) continue;
    out.counts[at] = count;
    out.means[at] = good / count;
    if (count > out.most) out.most = count;
  }
}
