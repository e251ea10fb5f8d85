// What a column holds, at a glance: its range and how its values are spread.

import type { Column } from './column';
import * as f from './format';

export interface Spread {
  /** What is said of the values: "0.1 … 2", "3 different", ... */
  range: string;
  /** How many values lie in each of some equal parts of the range, the most as 1. Empty without a range. */
  bins: number[];
}

const PARTS = 16;
/** Of more rows than this, so many are looked at, evenly. */
const MOST = 20_000;

export function spread(column: Column, rows: number): Spread {
  if (column.kind === 'text') return texts(column, rows);
  const values: number[] = [];
  const step = Math.max(1, Math.ceil(rows / MOST));
  let low = Infinity;
  let high = -Infinity;
  for (let row = 0; row < rows; row += step) {
    const v = column.number(row);
    if (!Number.isFinite(v)) continue;
    values.push(v);
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (values.length === 0) return { range: 'no numbers', bins: [] };
  const bins = new Array<number>(PARTS).fill(0);
  for (const v of values) bins[high > low ? Math.min(PARTS - 1, Math.floor((PARTS * (v - low)) / (high - low))) : 0]++;
  return { range: low === high ? `always ${say(column, low)}` : `${say(column, low)} … ${say(column, high)}`, bins: low === high ? [] : share(bins) };
}

function texts(column: Column, rows: number): Spread {
  const counts = new Map<number, number>();
  const step = Math.max(1, Math.ceil(rows / MOST));
  for (let row = 0; row < rows; row += step) {
    const code = column.code(row);
    if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const often = [...counts].sort((a, b) => b[1] - a[1]);
  if (often.length === 1) return { range: `always ${f.clip(f.plain(column.dict[often[0][0]]), 24)}`, bins: [] };
  return { range: `${f.count(often.length)} different`, bins: share(often.slice(0, PARTS).map(([, n]) => n)) };
}

function share(bins: number[]): number[] {
  const most = Math.max(1, ...bins);
  return bins.map((n) => n / most);
}

function say(column: Column, v: number): string {
  if (column.kind === 'time') return f.clock(v, false);
  if (column.kind === 'bool') return String(v !== 0);
  return column.unit === 's' && column.role === 'task' ? f.duration(v) : f.number(v, 4);
}
