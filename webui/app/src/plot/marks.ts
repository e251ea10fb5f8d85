// What is drawn over the points of a plot: the best so far, a front, rings.

import type { Improvements } from '../data/codomain';
import type { Column } from '../data/column';
import type { Scale } from './scale';

/** Draws the best so far as stairs, which end at the pixel end. xs are the places of the rows. */
export function drawStairs(c: CanvasRenderingContext2D, line: Improvements, xs: Float64Array, x: Scale, y: Scale, end: number): void {
  c.lineWidth = 2;
  c.lineJoin = 'round';
  c.beginPath();
  let last = NaN;
  line.at.forEach((i, k) => {
    if (Number.isNaN(xs[i])) return;
    const px = x.at(xs[i]);
    const py = y.at(line.values[k]);
    if (Number.isNaN(last)) c.moveTo(px, py);
    else {
      c.lineTo(px, last);
      c.lineTo(px, py);
    }
    last = py;
  });
  if (!Number.isNaN(last)) c.lineTo(end, last);
  c.stroke();
}

/** The most points of a front that get a dot of their own. */
const DOTS = 2000;

/** Draws the rows of a front as stairs with dots. */
export function drawFront(c: CanvasRenderingContext2D, front: Uint32Array, xc: Column, yc: Column, x: Scale, y: Scale): void {
  c.lineWidth = 2;
  c.beginPath();
  let lastY = NaN;
  for (const row of front) {
    const px = x.at(xc.number(row));
    const py = y.at(yc.number(row));
    if (Number.isNaN(lastY)) c.moveTo(px, py);
    else {
      c.lineTo(px, lastY);
      c.lineTo(px, py);
    }
    lastY = py;
  }
  c.stroke();
  if (front.length > DOTS) return;
  c.beginPath();
  for (const row of front) {
    const px = x.at(xc.number(row));
    const py = y.at(yc.number(row));
    c.moveTo(px + 3.5, py);
    c.arc(px, py, 3.5, 0, 7);
  }
  c.fill();
}

/** Draws a ring around a place; none around nowhere. */
export function drawRing(c: CanvasRenderingContext2D, px: number, py: number): void {
  if (Number.isNaN(px) || Number.isNaN(py)) return;
  c.lineWidth = 2;
  c.beginPath();
  c.arc(px, py, 6, 0, 7);
  c.stroke();
}
