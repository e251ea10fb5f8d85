import { describe, expect, it } from 'vitest';
import { finish } from '../data/steps';
import { BINS, flowing, laying } from './density';

/** Rows from one stretch to another. */
const bins = (...all: number[]) => Uint8Array.from(all);
const flow = (left: number[], right: number[], shares: number[] | null = null, flags: number[] | null = null, flag = 1) =>
  finish(flowing(bins(...left), bins(...right), shares && Float32Array.from(shares), flags && bins(...flags), flag));

describe('how dense lines lie', () => {
  it('counts lines from stretch to stretch, without those that have no value', () => {
    const f = flow([0, 0, 5, BINS], [2, 2, 5, 3], [1, 0.5, NaN, 1]);
    expect([f.counts[2], f.counts[5 * BINS + 5], f.counts.reduce((a, b) => a + b, 0)]).toEqual([2, 1, 3]);
    expect([f.sums[2], f.sums[5 * BINS + 5]]).toEqual([1.5, 0]);
  });
  it('counts only what is marked as asked for', () => {
    expect(flow([1, 1, 1], [1, 1, 1], null, [0, 1, 0], 0).counts[BINS + 1]).toBe(2);
  });
  it('has as many lines in each column of pixels as there are', () => {
    const down = 96;
    const d = finish(laying(flow([0, 47, 12], [47, 0, 12]), 10, down));
    for (let x = 0; x < 10; x++) {
      let lines = 0;
      for (let y = 0; y < down; y++) lines += d.counts[x * down + y] / (down / BINS);
      expect(lines).toBeCloseTo(3, 4);
    }
  });
  it('has the first stretch below, and the mean of what runs through a pixel', () => {
    const d = finish(laying(flow([0, 0], [0, 0], [1, 0]), 4, BINS));
    expect([d.counts[BINS - 1], d.counts[0], d.most]).toEqual([2, 0, 2]);
    expect(d.means[BINS - 1]).toBe(0.5);
  });
  it('is not the same everywhere where many lines cross: the densest place stands out', () => {
    const all = Array.from({ length: BINS * BINS }, (_, i) => i);
    const d = finish(laying(flow(all.map((i) => Math.floor(i / BINS)), all.map((i) => i % BINS)), 3, 2 * BINS));
    const middle = (y: number) => d.counts[1 * 2 * BINS + y];
    expect(middle(BINS)).toBeGreaterThan(3 * middle(4));
  });
});
