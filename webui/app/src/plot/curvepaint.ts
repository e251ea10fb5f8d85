// How learning curves are drawn: a line each, or a crowd in bands.

import { clip } from '../data/format';
import type { Steps } from '../data/steps';
import { quantileRow, lastOf, type Crowd, type Curve, type Ending } from './curves';
import { roomBeside } from './labels';
import type { Scale } from './scale';

/** Colors by their names in the style sheet. */
export type Color = (name: string) => string;

/** How a line looks by how it ends: told apart by dashes and marks, too. */
export const LOOKS: Record<Ending, { color: string; dash: number[] }> = {
  finished: { color: 'plot-point', dash: [] },
  stopped: { color: 'pruned', dash: [5, 3] },
  left: { color: 'pruned', dash: [5, 3] },
  running: { color: 'running', dash: [] },
  failed: { color: 'failed', dash: [1.5, 3] },
};

/** Draws a line; a value that is missing or cannot be shown leaves a gap. Its color and width are the context's. */
export function trace(c: CanvasRenderingContext2D, curve: Curve, x: Scale, y: Scale): void {
  c.beginPath();
  let pen = false;
  for (let i = 0; i < curve.xs.length; i++) {
    const [px, py] = [x.at(curve.xs[i]), y.at(curve.ys[i])];
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      pen = false;
      continue;
    }
    if (pen) c.lineTo(px, py);
    else c.moveTo(px, py);
    pen = true;
  }
  c.stroke();
}

/** Draws all lines: those outside of the brush first, then the stopped ones, those that go on last. */
export function* traceAll(c: CanvasRenderingContext2D, curves: Curve[], x: Scale, y: Scale, color: Color): Steps<void> {
  const alpha = Math.max(0.18, Math.min(0.85, 6 / Math.sqrt(curves.length)));
  const order: Ending[] = ['left', 'stopped', 'failed', 'finished', 'running'];
  const size = curves.length > 400 ? 2.5 : 3.5;
  let n = 0;
  for (const marked of [false, true])
    for (const ending of order) {
      const look = LOOKS[ending];
      c.strokeStyle = c.fillStyle = color(marked ? look.color : 'plot-rest');
      for (const curve of curves) {
        if (curve.marked !== marked || curve.ending !== ending) continue;
        c.globalAlpha = marked ? (ending === 'running' ? 0.95 : alpha) : 0.4;
        c.lineWidth = 1.2;
        c.setLineDash(look.dash);
        trace(c, curve, x, y);
        c.setLineDash([]);
        c.globalAlpha = marked ? 0.95 : 0.6;
        mark(c, curve, x, y, ending === 'left' ? size - 1 : size); // there are many of these, one above the other
        if (++n % 50 === 0) yield;
      }
    }
  c.globalAlpha = 1;
}

/** The mark at the end of a line: a cross where it was stopped or not promoted, a triangle where it failed, a ring while it runs. */
export function mark(c: CanvasRenderingContext2D, curve: Curve, x: Scale, y: Scale, r: number): void {
  const last = lastOf(curve);
  const [px, py] = [x.at(last.x), y.at(last.y)];
  if (!Number.isFinite(px) || !Number.isFinite(py)) return;
  c.lineWidth = 1.8;
  c.beginPath();
  switch (curve.ending) {
    case 'left':
    case 'stopped':
      c.moveTo(px - r, py - r);
      c.lineTo(px + r, py + r);
      c.moveTo(px - r, py + r);
      c.lineTo(px + r, py - r);
      return c.stroke();
    case 'failed':
      c.moveTo(px - r - 0.5, py - r);
      c.lineTo(px + r + 0.5, py - r);
      c.lineTo(px, py + r);
      return c.fill();
    case 'running':
      c.arc(px, py, r, 0, 7);
      return c.stroke();
    case 'finished':
      if (curve.xs.length > 1) return;
      c.arc(px, py, r * 0.7, 0, 7);
      return c.fill();
  }
}

/** Draws how many lines run where, the median, what four of five lie between, and below how many were stopped. */
export function paintCrowd(c: CanvasRenderingContext2D, crowd: Crowd, x: Scale, y: Scale, cell: number, color: Color): void {
  c.fillStyle = color('plot-point');
  crowd.counts.forEach((n, at) => {
    if (n === 0) return;
    c.globalAlpha = 0.06 + 0.6 * Math.sqrt(n / crowd.most);
    c.fillRect(x.start + Math.floor(at / crowd.down) * cell, y.end + (at % crowd.down) * cell, cell, cell);
  });
  c.fillStyle = color('pruned');
  c.globalAlpha = 0.85;
  const most = crowd.stopped.reduce((a, b) => Math.max(a, b), 1);
  crowd.stopped.forEach((n, i) => {
    const height = n === 0 ? 0 : Math.max(2, (n / most) * 0.16 * (y.start - y.end));
    c.fillRect(x.start + i * cell, y.start - height, cell, height);
  });
  c.globalAlpha = 1;
  c.strokeStyle = color('text');
  for (const [share, width, dash] of [[0.5, 1.8, []], [0.1, 1.2, [4, 3]], [0.9, 1.2, [4, 3]]] as [number, number, number[]][]) {
    c.lineWidth = width;
    c.setLineDash(dash);
    c.beginPath();
    let pen = false;
    for (let i = 0; i < crowd.across; i++) {
      const row = quantileRow(crowd, i, share);
      const [px, py] = [x.start + (i + 0.5) * cell, y.end + row * cell];
      if (Number.isNaN(row)) pen = false;
      else if (pen) c.lineTo(px, py);
      else c.moveTo(px, py);
      if (!Number.isNaN(row)) pen = true;
    }
    c.stroke();
  }
  c.setLineDash([]);
}

/** Draws a line that stands out, with its name where the others leave it room. */
export function highlight(c: CanvasRenderingContext2D, curve: Curve, x: Scale, y: Scale, stroke: string, name: string, style: { font: string; size: number; halo: string; others: Curve[] }): void {
  c.setLineDash([]);
  c.lineJoin = 'round';
  c.strokeStyle = style.halo;
  c.lineWidth = 5;
  trace(c, curve, x, y);
  c.strokeStyle = c.fillStyle = stroke;
  c.lineWidth = 2.5;
  trace(c, curve, x, y);
  mark(c, curve, x, y, 4.5);
  if (!name) return;
  const text = clip(name, 40);
  c.font = style.font;
  const beside = roomBeside(curve, style.others, x, y, { width: c.measureText(text).width + style.size, height: Math.round(style.size * 1.5) });
  if (!beside) return;
  const box = beside.box;
  c.lineWidth = 1;
  c.beginPath();
  c.moveTo(beside.x, beside.y);
  c.lineTo(Math.max(box.left, Math.min(box.left + box.width, beside.x)), box.top > beside.y ? box.top : box.top + box.height);
  c.stroke();
  c.beginPath();
  c.roundRect(box.left, box.top, box.width, box.height, 4);
  c.globalAlpha = 0.9;
  c.fillStyle = style.halo;
  c.fill();
  c.globalAlpha = 1;
  c.textBaseline = 'middle';
  c.textAlign = 'center';
  c.fillStyle = stroke;
  c.fillText(text, box.left + box.width / 2, box.top + box.height / 2 + 0.5);
}
