// How parallel coordinates are drawn: a line each, or how dense they lie, with
// the best over the others.

import { position } from '../data/gather';
import type { Steps } from '../data/steps';
import type { Color } from './curvepaint';
import { flowing, laying, type Density } from './density';
import type { Upright } from './parallel';
import { css, ramp } from './ramp';
import { pixel, rgb, type Rgb } from './raster';

/** What is drawn: the axes, where each is across, and how good each row is, from 0 to 1, NaN where it is not known. */
export interface Lines {
  all: Upright[];
  x: (i: number) => number;
  shares: Float32Array | null;
  marked: Uint8Array | null;
  color: Color;
}

/** A line for each row, better ones over worse ones; what is not marked is behind. */
export function* paintLines(c: CanvasRenderingContext2D, of: Lines, count: number): Steps<void> {
  const hue = ramp();
  const share = (r: number) => of.shares?.[r] || 0;
  const order = Uint32Array.from({ length: count }, (_, r) => r).sort((a, b) => share(a) - share(b));
  const strong = Math.max(0.35, Math.min(0.9, 60 / Math.sqrt(count)));
  c.lineWidth = 1;
  for (const flag of of.marked ? [0, 1] : [1]) {
    let n = 0;
    for (const r of order) {
      if (++n % 100 === 0) yield;
      if (of.marked && of.marked[r] !== flag) continue;
      c.globalAlpha = flag === 0 ? 0.25 : strong;
      c.strokeStyle = flag === 0 ? of.color('plot-rest') : css(hue(of.shares ? share(r) : 0.5));
      line(c, of, (u) => u.at[r]);
    }
  }
  c.globalAlpha = 1;
}

/** Rows drawn over all others, one by one. */
export function paintOver(c: CanvasRenderingContext2D, of: Lines, rows: ArrayLike<number>, stroke: string, width: number): void {
  c.strokeStyle = stroke;
  c.lineWidth = width;
  for (let k = 0; k < rows.length; k++) line(c, of, (u) => u.scale.at(position(u.axis.column, rows[k])));
}

function line(c: CanvasRenderingContext2D, { all, x }: Lines, at: (u: Upright) => number): void {
  c.beginPath();
  let pen = false;
  all.forEach((u, i) => {
    const y = at(u);
    if (!Number.isFinite(y)) pen = false;
    else if (pen) c.lineTo(x(i), y);
    else {
      c.moveTo(x(i), y);
      pen = true;
    }
  });
  c.stroke();
}

/** How dense lines lie, compared with the densest place between the same two axes; what is not marked is behind, in gray. */
export function* paintBands(c: CanvasRenderingContext2D, of: Lines, scratch: HTMLCanvasElement): Steps<void> {
  const { start, end } = of.all[0].scale;
  for (const flag of of.marked ? [0, 1] : [1]) {
    const gaps: Density[] = [];
    for (let i = 0; i + 1 < of.all.length; i++) {
      const flow = yield* flowing(of.all[i].bin, of.all[i + 1].bin, of.shares, of.marked, flag);
      // Two pixels across are one here: what is this smooth looks the same.
      gaps.push(yield* laying(flow, Math.max(1, Math.round((of.x(i + 1) - of.x(i)) / 2)), Math.round(start - end)));
    }
    const hues = flag === 1 && of.shares ? shades(ramp()) : new Uint32Array(SHADES + 1).fill(pixel(rgb(of.color(flag === 1 ? 'plot-point' : 'plot-rest'))));
    for (const [i, gap] of gaps.entries()) {
      image(gap, hues, scratch);
      c.drawImage(scratch, of.x(i), end, of.x(i + 1) - of.x(i), start - end);
      yield;
    }
  }
}

const SHADES = 64;

/** The colors by how good what runs there is: those of the ramp that are seen on what is behind. */
function shades(hue: (share: number) => Rgb): Uint32Array {
  return Uint32Array.from({ length: SHADES + 1 }, (_, i) => pixel(hue(0.15 + (0.85 * i) / SHADES)));
}

function image({ across, down, counts, means, most }: Density, hues: Uint32Array, scratch: HTMLCanvasElement): void {
  [scratch.width, scratch.height] = [across, down];
  const context = scratch.getContext('2d')!;
  const data = context.createImageData(across, down);
  const pixels = new Uint32Array(data.data.buffer);
  for (let x = 0; x < across; x++)
    for (let y = 0; y < down; y++) {
      const at = x * down + y;
      if (counts[at] === 0) continue;
      // A root, so that where few are is seen beside where most are.
      const strong = 0.08 + 0.92 * Math.sqrt(counts[at] / most);
      pixels[y * across + x] = ((hues[Math.round(SHADES * means[at])] & 0xffffff) | (Math.round(255 * strong) << 24)) >>> 0;
    }
  context.putImageData(data, 0, 0);
}
