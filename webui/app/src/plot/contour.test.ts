import { describe, expect, it } from 'vitest';
import { finish } from '../data/steps';
import { bandOf, isolines, levelsBetween } from './isolines';
import { ACROSS, DOWN, surface, type Surface } from './surface';

function random(seed: number): () => number {
  return () => (seed = (Math.imul(seed, 48271) >>> 0) % 0x7fffffff) / 0x7fffffff;
}

type F = (u: number, v: number) => number;

/** A surface through n random points of a function, where keep lets them be. */
function through(n: number, f: F, { keep = () => true, noise = 0 }: { keep?: (u: number, v: number) => boolean; noise?: number } = {}): Surface {
  const next = random(n + 17);
  const points = Array.from({ length: n }, () => [next(), next()]).filter(([u, v]) => keep(u, v));
  const zs = points.map(([u, v]) => f(u, v) + noise * (next() - 0.5));
  return finish(surface(Float64Array.from(points, (p) => p[0]), Float64Array.from(points, (p) => p[1]), Float64Array.from(zs)));
}

/** The largest difference to a function where the surface is known. */
function error(s: Surface, f: F): number {
  let worst = 0;
  s.z.forEach((z, i) => {
    if (s.beyond[i] <= 0) worst = Math.max(worst, Math.abs(z - f((i % ACROSS) / (ACROSS - 1), Math.floor(i / ACROSS) / (DOWN - 1))));
  });
  return worst;
}

describe('a surface', () => {
  it('is the plane that its points lie on, also where they are few and at the edges', () => {
    const f: F = (u, v) => 3 + 2 * u - 5 * v;
    for (const n of [40, 400, 20_000]) {
      const s = through(n, f);
      expect(error(s, f), `${n} points`).toBeLessThan(n < 100 ? 0.8 : n < 1000 ? 0.4 : 0.15);
      expect(s.points).toBe(n);
    }
  });

  it('follows a known function', () => {
    const f: F = (u, v) => Math.sin(5 * u) * Math.cos(4 * v);
    expect(error(through(500, f), f)).toBeLessThan(0.4);
    expect(error(through(50_000, f), f)).toBeLessThan(0.15);
  });

  it('smooths noise away', () => {
    const f: F = (u, v) => (u - 0.3) ** 2 + (v - 0.6) ** 2;
    expect(error(through(20_000, f, { noise: 1 }), f)).toBeLessThan(0.15);
  });

  it('is open where no point is near', () => {
    const s = through(2000, (u) => u, { keep: (u, v) => u < 0.5 && (v < 0.3 || v > 0.7) });
    const at = (u: number, v: number) => s.beyond[Math.round(v * (DOWN - 1)) * ACROSS + Math.round(u * (ACROSS - 1))];
    expect(at(0.25, 0.15)).toBeLessThanOrEqual(0);
    expect(at(0.25, 0.9)).toBeLessThanOrEqual(0);
    expect(at(0.25, 0.5)).toBeGreaterThan(0);
    expect(at(0.9, 0.1)).toBeGreaterThan(0);
    expect(s.known).toBeGreaterThan(0.25);
    expect(s.known).toBeLessThan(0.5);
    expect(s.high).toBeLessThan(0.65);
  });

  it('has no holes between whole numbers, and has those among them', () => {
    const next = random(5);
    const line = (u: number, vs: number[]) => vs.map((v) => [u, v]);
    const many = Array.from({ length: 200 }, next);
    const of = (points: number[][], gaps: { u: number; v: number }) => finish(surface(Float64Array.from(points, (p) => p[0]), Float64Array.from(points, (p) => p[1]), Float64Array.from(points, (p) => p[0]), gaps));
    // 0 and 1, with the room of an axis at both ends; then whole numbers along both.
    expect(of([...line(0.04, many), ...line(0.96, many)], { u: 0.92, v: 0 }).known).toBe(1);
    expect(of([0.04, 0.5, 0.96].flatMap((u) => line(u, [0.04, 0.96])), { u: 0.46, v: 0.92 }).known).toBe(1);
    // Nothing is known where one of three has no points, nor above where both have none.
    const gap = of([...line(0.04, many.map((v) => v / 2)), ...line(0.5, many.map((v) => v / 2))], { u: 0.46, v: 0 });
    const at = (u: number, v: number) => gap.beyond[Math.round(v * (DOWN - 1)) * ACROSS + Math.round(u * (ACROSS - 1))];
    expect(at(0.27, 0.3)).toBeLessThanOrEqual(0);
    expect(at(0.27, 0.8)).toBeGreaterThan(0);
    expect(at(0.96, 0.3)).toBeGreaterThan(0);
  });

  it('leaves out what has no value, and stands without any point', () => {
    const none = finish(surface(Float64Array.of(0.5, NaN, 2), Float64Array.of(0.5, 0.5, 0.5), Float64Array.of(NaN, 1, 1)));
    expect([none.points, none.known, none.low]).toEqual([0, 0, NaN]);
    const one = finish(surface(Float64Array.of(0.5), Float64Array.of(0.5), Float64Array.of(7)));
    expect(one.points).toBe(1);
    expect(one.low).toBeCloseTo(7);
    expect(one.high).toBeCloseTo(7);
    const column = finish(surface(Float64Array.of(0.5, 0.5, 0.5), Float64Array.of(0.1, 0.5, 0.9), Float64Array.of(1, 2, 3)));
    expect(column.low).toBeGreaterThan(0.5);
    expect(column.high).toBeLessThan(3.5);
  });
});

describe('lines of equal height', () => {
  const grid = (f: F, across = 60, down = 50) => ({ across, down, z: Float64Array.from({ length: across * down }, (_, i) => f((i % across) / (across - 1), Math.floor(i / across) / (down - 1))) });

  it('are circles around a bowl, closed and of the right length', () => {
    const g = grid((u, v) => Math.hypot(u - 0.5, v - 0.5));
    let length = 0;
    const ends = new Map<string, number>();
    isolines(g, 0.3, (x0, y0, x1, y1) => {
      const [u0, v0, u1, v1] = [x0 / 59, y0 / 49, x1 / 59, y1 / 49];
      expect(Math.hypot(u0 - 0.5, v0 - 0.5)).toBeCloseTo(0.3, 2);
      length += Math.hypot(u1 - u0, v1 - v0);
      for (const end of [`${x0.toFixed(6)} ${y0.toFixed(6)}`, `${x1.toFixed(6)} ${y1.toFixed(6)}`]) ends.set(end, (ends.get(end) ?? 0) + 1);
    });
    expect(length).toBeCloseTo(2 * Math.PI * 0.3, 1);
    expect([...ends.values()].every((n) => n === 2)).toBe(true);
  });

  it('separate what is above from what is below in every square', () => {
    const next = random(3);
    for (let i = 0; i < 500; i++) {
      const z = Float64Array.from({ length: 4 }, () => next() - 0.5);
      const pieces: number[][] = [];
      isolines({ across: 2, down: 2, z }, 0, (...p) => pieces.push(p));
      const edges = [[0, 1], [1, 3], [3, 2], [2, 0]].filter(([a, b]) => z[a] >= 0 !== z[b] >= 0).length;
      expect(pieces.length).toBe(edges / 2);
    }
    isolines({ across: 2, down: 2, z: Float64Array.of(0, 1, NaN, 1) }, 0.5, () => expect.unreachable());
  });

  it('have round levels', () => {
    expect(levelsBetween(0.1, 9.7, 6, false).map((l) => l.label)).toEqual(['2', '4', '6', '8']);
    expect(levelsBetween(-2.5, 1.2, 6, true).map((l) => l.at)).toEqual([-2, -1, 0, 1]);
    expect(levelsBetween(3, 3, 6, false)).toEqual([]);
    const levels = Float64Array.of(1, 2, 3);
    expect([0, 1, 1.5, 3, 9].map((h) => bandOf(levels, h))).toEqual([0, 1, 1, 3, 3]);
  });
});
