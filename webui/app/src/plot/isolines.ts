// Lines of equal height over a grid, by marching squares (Maple, 2003), and the
// levels that they are drawn at.

import { scale, ticks } from './scale';

/** Heights on a grid, row by row. */
export interface Field {
  across: number;
  down: number;
  z: Float64Array;
}

/** Calls back with the pieces of the line at a level, in columns and rows of the grid. Squares with a NaN have none. */
export function isolines({ across, down, z }: Field, level: number, piece: (x0: number, y0: number, x1: number, y1: number) => void): void {
  for (let r = 0; r + 1 < down; r++)
    for (let c = 0; c + 1 < across; c++) {
      const at = r * across + c;
      square([z[at], z[at + 1], z[at + across + 1], z[at + across]], level, (a, b) => piece(c + a[0], r + a[1], c + b[0], r + b[1]));
    }
}

type Place = [number, number];

/** The corners of a square, clockwise from the upper left. */
const CORNERS: Place[] = [[0, 0], [1, 0], [1, 1], [0, 1]];

function square(heights: number[], level: number, piece: (a: Place, b: Place) => void): void {
  const above = heights.map((h) => h >= level);
  if (heights.some(Number.isNaN) || above.every((a) => a === above[0])) return;
  const crossed: Place[] = [];
  for (let i = 0; i < 4; i++) {
    const j = (i + 1) % 4;
    if (above[i] === above[j]) continue;
    const share = (level - heights[i]) / (heights[j] - heights[i]);
    crossed.push([CORNERS[i][0] + (CORNERS[j][0] - CORNERS[i][0]) * share, CORNERS[i][1] + (CORNERS[j][1] - CORNERS[i][1]) * share]);
  }
  if (crossed.length === 2) return piece(crossed[0], crossed[1]);
  // A saddle: the middle says which corners are one.
  const middle = (heights[0] + heights[1] + heights[2] + heights[3]) / 4 >= level;
  const turned = middle === above[0];
  piece(crossed[0], crossed[turned ? 1 : 3]);
  piece(crossed[2], crossed[turned ? 3 : 1]);
}

/** Round levels between two heights, about as many as wanted. On a logarithm heights and levels are logarithms, of base 10. */
export function levelsBetween(low: number, high: number, wanted: number, log: boolean): { at: number; label: string }[] {
  if (!(high > low)) return [];
  const s = log ? scale({ low: 10 ** low, high: 10 ** high }, 0, 1, true) : scale({ low, high }, 0, 1);
  return ticks(s, wanted)
    .map((t) => ({ at: log ? Math.log10(t.value) : t.value, label: t.label }))
    .filter((l) => l.at > low && l.at < high);
}

/** The band that a height lies in: 0 below the first level, and one more above each. */
export function bandOf(levels: Float64Array, height: number): number {
  let low = 0;
  let end = levels.length;
  while (low < end) {
    const middle = (low + end) >> 1;
    if (levels[middle] <= height) low = middle + 1;
    else end = middle;
  }
  return low;
}
