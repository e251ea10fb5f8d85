// How a surface is painted: filled levels, lines between them, a legend, and
// hatching where nothing is known.

import { strides, type Steps } from '../data/steps';
import type { Look } from './axes';
import { bandOf, isolines } from './isolines';
import { css, ramp } from './ramp';
import { pixel, type Rgb } from './raster';
import type { Scale } from './scale';
import type { Surface } from './surface';

/** A part of a plot, in CSS pixels. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The most points that are drawn over a surface: more would hide it. */
const POINTS = 1500;

/** Values as shares of their axis, from its start. */
export function* shares(all: Float64Array, s: Scale): Steps<Float64Array> {
  const out = new Float64Array(all.length);
  yield* strides(all.length, (from, to) => {
    for (let i = from; i < to; i++) out[i] = (s.at(all[i]) - s.start) / (s.end - s.start);
  });
  return out;
}

/** Puts the logarithms, of base 10, in the place of the values; NaN where there is none. */
export function takeLogarithms(all: Float64Array): Steps<void> {
  return strides(all.length, (from, to) => {
    for (let i = from; i < to; i++) all[i] = all[i] > 0 ? Math.log10(all[i]) : NaN;
  });
}

/** So many colors from the least to the most. */
export function bandColors(n: number): Rgb[] {
  const hue = ramp();
  return Array.from({ length: n }, (_, i) => hue(n === 1 ? 0.5 : i / (n - 1)));
}

/** Paints the band of each pixel; those that are not known stay clear. The grid's last row is the upper one. */
export function* fillBands(s: Surface, levels: Float64Array, colors: Rgb[], width: number, height: number): Steps<ImageData | null> {
  if (width < 1 || height < 1 || s.known === 0) return null;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const fill = Uint32Array.from(colors, pixel);
  yield* strides(
    height,
    (from, to) => {
      for (let py = from; py < to; py++) {
        const r = Math.min(s.down - 1.001, (1 - (py + 0.5) / height) * (s.down - 1));
        for (let px = 0; px < width; px++) {
          const c = Math.min(s.across - 1.001, ((px + 0.5) / width) * (s.across - 1));
          if (!(between(s.beyond, s.across, c, r) <= 0)) continue;
          const z = between(s.z, s.across, c, r);
          if (z === z) pixels[py * width + px] = fill[bandOf(levels, z)];
        }
      }
    },
    16,
  );
  return image;
}

/** A field between its nodes. */
function between(field: Float64Array, across: number, c: number, r: number): number {
  const at = Math.floor(r) * across + Math.floor(c);
  const [u, v] = [c % 1, r % 1];
  const upper = field[at] + (field[at + 1] - field[at]) * u;
  const lower = field[at + across] + (field[at + across + 1] - field[at + across]) * u;
  return upper + (lower - upper) * v;
}

/** Draws the lines between the levels, where the surface is known. */
export function drawLines(c: CanvasRenderingContext2D, s: Surface, levels: Float64Array, { left, top, width, height }: Frame, stroke: string): void {
  const known = { ...s, z: s.z.map((z, i) => (s.beyond[i] <= 0 ? z : NaN)) };
  const [kx, ky] = [width / (s.across - 1), height / (s.down - 1)];
  c.strokeStyle = stroke;
  c.globalAlpha = 0.35;
  c.lineWidth = 1;
  c.beginPath();
  for (const level of levels) {
    isolines(known, level, (x0, y0, x1, y1) => {
      c.moveTo(left + x0 * kx, top + height - y0 * ky);
      c.lineTo(left + x1 * kx, top + height - y1 * ky);
    });
  }
  c.stroke();
  c.globalAlpha = 1;
}

/** Hatches a frame: what nothing is painted over is not known. */
export function drawHatch(c: CanvasRenderingContext2D, { left, top, width, height }: Frame, stroke: string): void {
  c.save();
  c.beginPath();
  c.rect(left, top, width, height);
  c.clip();
  c.strokeStyle = stroke;
  c.lineWidth = 1;
  c.beginPath();
  for (let at = -height; at < width; at += 8) {
    c.moveTo(left + at, top + height);
    c.lineTo(left + at + height, top);
  }
  c.stroke();
  c.restore();
}

/** The room of the legend beside a plot, in CSS pixels. */
export function legendWidth(style: Look): number {
  return Math.round(style.size * 5.2);
}

/** Draws the bands with the values between them, the most on top. */
export function drawLegend(c: CanvasRenderingContext2D, levels: { label: string }[], colors: Rgb[], { left, top, height }: Frame, style: Look): void {
  const bar = Math.round(style.size * 0.9);
  const tall = height / colors.length;
  const every = Math.max(1, Math.ceil((style.size * 1.3) / tall));
  colors.forEach((hue, i) => {
    c.fillStyle = css(hue);
    c.fillRect(left, top + height - (i + 1) * tall, bar, tall + 0.5);
  });
  c.font = `${style.size}px ${style.font}`;
  c.fillStyle = style.text;
  c.textAlign = 'left';
  c.textBaseline = 'middle';
  levels.forEach((l, i) => i % every === 0 && c.fillText(l.label, left + bar + style.size * 0.4, top + height - (i + 1) * tall));
}

/** Which of the points are drawn: those that have a place, and of many some, taken without any pattern. */
export function someOf(us: Float64Array, vs: Float64Array, zs: Float64Array, marked: Uint8Array | null): number[] {
  const all: number[] = [];
  const share = (POINTS / us.length) * 2 ** 32;
  for (let i = 0; i < us.length; i++) {
    if (Math.imul(i, 0x9e3779b1) >>> 0 >= share) continue;
    if (us[i] >= 0 && vs[i] >= 0 && zs[i] === zs[i] && (!marked || marked[i])) all.push(i);
  }
  return all;
}
