import { describe, expect, it } from 'vitest';
import { disc, Nearest, pixel, radiusFor, Raster, rgb, stamp } from './raster';
import { roomy, scale, ticks } from './scale';

describe('a scale', () => {
  it('maps there and back', () => {
    const s = scale({ low: -5, high: 10 }, 0, 300);
    expect([s.at(-5), s.at(10), s.back(150)]).toEqual([0, 300, 2.5]);
    const l = scale({ low: 1, high: 1000 }, 300, 0, true);
    expect(l.at(10)).toBeCloseTo(200);
    expect(l.back(100)).toBeCloseTo(100);
    expect(l.at(0)).toBeNaN();
    expect(scale({ low: 2, high: 2 }, 0, 10).back(4)).toBe(2);
  });
  it('has round ticks', () => {
    expect(ticks(scale({ low: -0.13, high: 1.02 }, 0, 1), 5).map((t) => t.label)).toEqual(['0', '0.5', '1']);
    expect(ticks(scale({ low: 1e-4, high: 1 }, 0, 1, true), 6).map((t) => t.label)).toEqual(['1e−4', '0.001', '0.01', '0.1', '1']);
    const whole = (low: number, high: number, log: boolean) => ticks(scale({ low, high }, 0, 1, log, undefined, true), 6).map((t) => t.label);
    expect([whole(-0.04, 1.04, false), whole(0.92, 3.08, false), whole(0.8, 20, true)]).toEqual([['0', '1'], ['1', '2', '3'], ['1', '2', '5', '10', '20']]);
    expect(ticks(scale({ low: 0, high: 3 }, 0, 1, false, ['a', 'b', 'c']), 9).map((t) => t.label)).toEqual(['a', 'b', 'c']);
  });
  it('leaves room at its ends', () => {
    expect(roomy({ low: 0, high: 100 })).toEqual({ low: -4, high: 104 });
    expect(roomy(null)).toEqual({ low: 0, high: 1 });
    expect(roomy({ low: 5, high: 5 })).toEqual({ low: 4.5, high: 5.5 });
  });
});

describe('a raster', () => {
  const red = pixel(rgb('#ff0000'));
  it('stamps points where they lie, and says how many there are', () => {
    const raster = new Raster(20, 10);
    const points = { x: Float32Array.of(5, 30, NaN, 19), y: Float32Array.of(5, 5, 5, 0) };
    expect(stamp(raster, points, { radius: 2, color: red })).toBe(2);
    expect(raster.pixels[5 * 20 + 5]).toBe(0xff0000ff);
    expect(raster.pixels[5 * 20 + 10]).toBe(0);
    expect(raster.pixels[19]).toBe(0xff0000ff);
  });
  it('has discs with soft edges', () => {
    const d = disc(2);
    expect(d.size).toBe(5);
    expect(d.cover[12]).toBe(255);
    expect(d.cover[0]).toBe(0);
  });
  it('stamps 100,000 points', () => {
    const n = 100_000;
    const raster = new Raster(1200, 500);
    const points = { x: Float32Array.from({ length: n }, (_, i) => (i * 7919) % 1200), y: Float32Array.from({ length: n }, (_, i) => (i * 104729) % 500) };
    stamp(raster, points, { radius: 1, color: red });
    const began = performance.now();
    expect(stamp(raster, points, { radius: radiusFor(n, 600_000, 1), color: red })).toBe(n);
    console.log(`stamp 100k points: ${(performance.now() - began).toFixed(1)} ms`);
  });
  it('finds the nearest point', () => {
    const points = { x: Float32Array.of(10, 50, 51, NaN), y: Float32Array.of(10, 50, 50, 0) };
    const nearest = new Nearest(points, 100, 100);
    expect(nearest.find(52, 49, 10)).toBe(2);
    expect(nearest.find(12, 9, 10)).toBe(0);
    expect(nearest.find(30, 30, 10)).toBe(-1);
    expect(nearest.find(99, 99, 5)).toBe(-1);
  });
});
