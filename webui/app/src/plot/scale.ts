// From values to pixels and back, and where an axis has its ticks.

import { tick } from '../data/format';

/** Maps the values from low to high onto the pixels from start to end. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly start: number;
  readonly end: number;
  /** Names in place of numbers, at 0, 1, 2, ... */
  readonly names?: string[];
  /** Whether there are only whole numbers: ticks between them would mean nothing. */
  readonly whole?: boolean;
  at(value: number): number;
  back(pixel: number): number;
}

export interface Extent {
  low: number;
  high: number;
}

/** A scale; what cannot be shown on a logarithm has no place (NaN). */
export function scale(extent: Extent, start: number, end: number, log = false, names?: string[], whole = false): Scale {
  const f = log ? Math.log : (v: number) => v;
  const g = log ? Math.exp : (v: number) => v;
  const a = f(extent.low);
  const span = f(extent.high) - a;
  const k = span === 0 ? 0 : (end - start) / span;
  return {
    ...extent,
    log,
    start,
    end,
    names,
    whole,
    at: (v) => (log && v <= 0 ? NaN : start + (f(v) - a) * k),
    back: (p) => (k === 0 ? extent.low : g(a + (p - start) / k)),
  };
}

/** The extent with some room at both ends; one value gets room around it. */
export function roomy(extent: Extent | null, log = false, share = 0.04): Extent {
  if (extent === null || !(extent.low <= extent.high)) return log ? { low: 1, high: 10 } : { low: 0, high: 1 };
  let { low, high } = extent;
  if (log) {
    low = Math.max(low, Number.MIN_VALUE);
    const room = Math.max(Math.log(high / low) * share, low === high ? Math.LN2 : 0);
    return { low: low / Math.exp(room), high: high * Math.exp(room) };
  }
  const room = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * share;
  low -= room;
  high += room;
  return { low, high };
}

/** Round values between the ends, about as many as asked for. */
export function ticks(s: Scale, wanted: number): { value: number; label: string }[] {
  if (s.names) return nameTicks(s, wanted);
  if (s.log && s.high / s.low > 10) return logTicks(s, wanted);
  const nice = niceStep((s.high - s.low) / Math.max(1, wanted));
  const step = s.whole && s.high - s.low >= 1 ? Math.max(1, nice) : nice;
  const out = [];
  for (let i = Math.ceil(s.low / step); i <= s.high / step + 1e-9 && out.length < 100; i++) out.push({ value: i * step, label: tick(i * step) });
  return out;
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const m = raw / power;
  return (m <= 1 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10) * power;
}

function logTicks(s: Scale, wanted: number): { value: number; label: string }[] {
  const from = Math.ceil(Math.log10(s.low) - 1e-9);
  const to = Math.floor(Math.log10(s.high) + 1e-9);
  const step = Math.max(1, Math.ceil((to - from + 1) / wanted));
  const out = [];
  for (let e = s.whole ? Math.max(0, from) : from; e <= to; e += step) out.push({ value: 10 ** e, label: tick(10 ** e) });
  if (out.length >= 3 || to - from > 2) return out;
  const fine = [];
  for (let e = from - 1; e <= to; e++)
    for (const m of [1, 2, 5]) {
      const value = m * 10 ** e;
      if (value >= s.low && value <= s.high && (!s.whole || value >= 1)) fine.push({ value, label: tick(value) });
    }
  return fine;
}

function nameTicks(s: Scale, wanted: number): { value: number; label: string }[] {
  const names = s.names!;
  const step = Math.max(1, Math.ceil(names.length / Math.max(1, wanted)));
  const out = [];
  for (let i = 0; i < names.length; i += step) if (i >= s.low && i <= s.high) out.push({ value: i, label: names[i] });
  return out;
}
