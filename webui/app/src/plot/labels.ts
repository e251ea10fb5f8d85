// Where a line’s name has room: beside its end or its middle, and farther away
// where other lines are in the way.

import type { Curve } from './curves';
import type { Extent, Scale } from './scale';

/** A rectangle, in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** How far from its line a name may be, in pixels. */
const DISTANCES = [6, 24, 48, 80, 120];

/** Where a name stands, and the place of its line that it names. */
export interface Beside {
  box: Box;
  x: number;
  y: number;
}

/** An extent with so many of the pixels over which it is shown left free, on the side where a line ends: names have room there. */
export function freeBeside(curve: Curve, extent: Extent, log: boolean, pixels: number, over: number): Extent {
  const f = log ? Math.log : (v: number) => v;
  const back = log ? Math.exp : (v: number) => v;
  const [low, high, end] = [f(extent.low), f(extent.high), f(curve.ys.findLast((v) => !Number.isNaN(v)) ?? extent.low)];
  const more = ((high - low) * pixels) / Math.max(pixels, over - pixels);
  return end - low < high - end ? { low: back(low - more), high: extent.high } : { low: extent.low, high: back(high + more) };
}

/** The best place for a name of some size beside a line, inside of the scales; null when there is none. */
export function roomBeside(curve: Curve, others: Curve[], x: Scale, y: Scale, size: { width: number; height: number }): Beside | null {
  const [from, to] = [Math.min(x.start, x.end), Math.max(x.start, x.end)];
  let best: Beside | null = null;
  let least = Infinity;
  for (const [i, value] of anchors(curve)) {
    const px = x.at(i);
    const py = y.at(value);
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    const left = Math.max(from, Math.min(to - size.width, px > (from + to) / 2 ? px - size.width - 4 : px + 4));
    for (const distance of DISTANCES)
      for (const top of [py + distance, py - distance - size.height]) {
        if (top < y.end || top + size.height > y.start) continue;
        const box = { left, top, ...size };
        const cost = crossings(box, others, x, y) + 1000 * crossings(box, [curve], x, y) + distance / 40;
        if (cost < least) [best, least] = [{ box, x: px, y: py }, cost];
      }
  }
  return best;
}

// The end first: that is what a name stands beside when all places are as good.
function anchors({ xs, ys }: Curve): [number, number][] {
  const at = [...ys.keys()].filter((i) => !Number.isNaN(ys[i]));
  const picked = [1, 0.5, 0].map((share) => at[Math.round(share * (at.length - 1))]);
  return [...new Set(picked)].filter((i) => i !== undefined).map((i) => [xs[i], ys[i]]);
}

/** How many lines run through a box. */
export function crossings(box: Box, curves: Curve[], x: Scale, y: Scale): number {
  let n = 0;
  for (const { xs, ys } of curves) {
    for (let i = 0; i < xs.length; i++) {
      const next = Math.min(i + 1, xs.length - 1);
      if (through(box, x.at(xs[i]), y.at(ys[i]), x.at(xs[next]), y.at(ys[next]))) {
        n++;
        break;
      }
    }
  }
  return n;
}

function through({ left, top, width, height }: Box, x0: number, y0: number, x1: number, y1: number): boolean {
  const [a, b] = [Math.max(left, Math.min(x0, x1)), Math.min(left + width, Math.max(x0, x1))];
  if (!(a <= b)) return false;
  const at = (px: number) => (x1 === x0 ? y0 : y0 + ((y1 - y0) * (px - x0)) / (x1 - x0));
  const [low, high] = [Math.min(at(a), at(b)), Math.max(at(a), at(b))];
  return high >= top && low <= top + height;
}
