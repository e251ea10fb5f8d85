// The frame around a plot: grid lines, ticks, names.

import { tick, clip } from '../data/format';
import { ticks, type Scale } from './scale';

/** How a plot looks, read from the style sheet. */
export interface Look {
  grid: string;
  axis: string;
  text: string;
  font: string;
  /** The size of the type, in CSS pixels. */
  size: number;
}

/** The room around a plot for its axes, in CSS pixels. */
export interface Margin {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The room that axes with these labels need. */
export function marginFor(size: number, yLabels: string[]): Margin {
  const longest = Math.min(14, Math.max(3, ...yLabels.map((l) => l.length)));
  return { left: Math.round(longest * size * 0.58 + size * 1.1), right: Math.round(size * 1.2), top: Math.round(size * 1.9), bottom: Math.round(size * 2.9) };
}

/** Draws grid and ticks of both axes, and their names; the ticks of x are at some values if two of them are in sight. */
export function drawAxes(c: CanvasRenderingContext2D, x: Scale, y: Scale, look: Look, names: { x: string; y: string; at?: number[] }): void {
  const size = look.size;
  c.save();
  c.font = `${size}px ${look.font}`;
  c.fillStyle = look.text;
  c.lineWidth = 1;
  c.strokeStyle = look.grid;
  c.textBaseline = 'top';
  c.textAlign = 'center';
  const given = names.at?.filter((v) => v >= x.low && v <= x.high) ?? [];
  for (const t of given.length > 1 ? given.map((value) => ({ value, label: tick(value) })) : ticks(x, Math.max(2, Math.floor((x.end - x.start) / (size * 6))))) {
    const at = Math.round(x.at(t.value)) + 0.5;
    line(c, at, y.start, at, y.end);
    c.fillText(clip(t.label, 12), at, y.start + size * 0.45);
  }
  c.textBaseline = 'middle';
  c.textAlign = 'right';
  for (const t of ticks(y, Math.max(2, Math.floor((y.start - y.end) / (size * 3))))) {
    const at = Math.round(y.at(t.value)) + 0.5;
    line(c, x.start, at, x.end, at);
    c.fillText(clip(t.label, 14), x.start - size * 0.5, at);
  }
  c.strokeStyle = look.axis;
  line(c, x.start, y.start + 0.5, x.end, y.start + 0.5);
  c.font = `600 ${size}px ${look.font}`;
  c.textAlign = 'right';
  c.textBaseline = 'bottom';
  c.fillText(clip(names.x, 60), x.end, y.start + size * 2.8);
  c.textAlign = 'left';
  c.fillText(clip(names.y, 60), Math.max(2, x.start - size * 3), y.end - size * 0.5);
  c.restore();
}

function line(c: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  c.beginPath();
  c.moveTo(x0, y0);
  c.lineTo(x1, y1);
  c.stroke();
}
