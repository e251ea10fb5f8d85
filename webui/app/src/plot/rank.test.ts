import { describe, expect, it } from 'vitest';
import { finish } from '../data/steps';
import { bestOf, ranking } from './rank';

describe('ranks', () => {
  it('are shares of those below, whatever the distances', () => {
    const all = Float64Array.of(3, 1, NaN, 1e9, 2, 2);
    expect([...finish(ranking(all, new Float32Array(6)))]).toEqual([0.75, 0, NaN, 1, 0.25, 0.25]);
    expect([...finish(ranking(Float64Array.of(7), new Float32Array(1)))]).toEqual([0]);
  });
  it('of many values are near those of all', () => {
    const n = 100_000;
    const ranks = finish(ranking(Float64Array.from({ length: n }, (_, i) => Math.exp(((i * 7919) % n) / 1e4)), new Float32Array(n)));
    expect(ranks[(n / 2) | 0]).toBeCloseTo((((n / 2) * 7919) % n) / n, 2);
  });
  it('the best are the last of a few, marked ones only', () => {
    const all = Float64Array.of(5, 3, NaN, 9, 1, 4);
    expect(finish(bestOf(all, 3, false))).toEqual([5, 1, 4]);
    expect(finish(bestOf(all, 2, true))).toEqual([0, 3]);
    expect(finish(bestOf(all, 2, false, Uint8Array.of(1, 1, 1, 1, 0, 0)))).toEqual([0, 1]);
    expect(finish(bestOf(Float64Array.of(NaN), 2, true))).toEqual([]);
  });
});
