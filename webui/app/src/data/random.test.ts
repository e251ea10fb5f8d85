// What is done in steps, in pieces or from a sample is what is done plainly:
// tried on random tables.

import { describe, expect, it } from 'vitest';
import { rows } from '../../test/arrow';
import { fronting, improving, sign, type Goal } from './codomain';
import { decode } from './decode';
import { finish } from './steps';
import { TaskStore } from './store';
import { arrange, EVERYTHING, marking } from './view';

function random(seed: number): () => number {
  return () => (seed = (Math.imul(seed, 48271) >>> 0) % 0x7fffffff) / 0x7fffffff;
}

/** A store of n tasks with x = number / 10 and a y that is missing here and there. */
function table(n: number, next: () => number): TaskStore {
  const store = new TaskStore();
  store.load(decode(rows(Array.from({ length: n }, (_, i) => i), 'finished', Array.from({ length: n }, () => (next() < 0.05 ? null : Math.round(next() * 1000))))));
  return store;
}

describe('frames in any order', () => {
  it('make the table that a snapshot makes', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const next = random(seed);
      const truth = new Map<number, [string, number | null]>();
      const store = new TaskStore();
      for (let frame = 0; frame < 12; frame++) {
        const numbers = [...new Set(Array.from({ length: 1 + Math.floor(next() * 40) }, () => Math.floor(next() * 120)))];
        const states = numbers.map(() => (next() < 0.2 ? 'deleted' : next() < 0.5 ? 'running' : 'finished'));
        const ys = numbers.map(() => (next() < 0.3 ? null : next()));
        numbers.forEach((n, i) => (states[i] === 'deleted' ? truth.delete(n) : truth.set(n, [states[i], ys[i]])));
        for (const piece of decode(rows(numbers, states, ys))) store.upsert(piece);
      }
      const all = arrange(store, EVERYTHING, null);
      const seen = Array.from(all, (r) => [store.number(r), store.named('state')!.value(r), store.named('y')!.value(r), store.named('x')!.value(r)]);
      expect(seen).toEqual([...truth].sort((a, b) => a[0] - b[0]).map(([n, [state, y]]) => [n, state, y, n / 10]));
    }
  });
});

describe('what is computed in pieces', () => {
  it('marks what lies in all ranges', () => {
    const store = table(40_000, random(5));
    const all = arrange(store, EVERYTHING, null);
    const [x, y] = [store.named('x')!, store.named('y')!];
    const { marked, brushed } = finish(marking(all, [{ column: x, low: 100, high: 3000 }, { column: y, low: 200, high: 600 }]));
    const plain = Array.from(all, (r) => (x.number(r) >= 100 && x.number(r) <= 3000 && y.number(r) >= 200 && y.number(r) <= 600 ? 1 : 0));
    expect(Array.from(marked!)).toEqual(plain);
    expect(brushed).toBe(plain.reduce<number>((a, b) => a + b, 0));
  });

  it('has the front and the best so far of what it is given, also above the sample', () => {
    for (const [n, a, b] of [[300, 'minimize', 'minimize'], [9000, 'minimize', 'maximize'], [20_000, 'maximize', 'minimize']] as [number, Goal, Goal][]) {
      const store = table(n, random(n));
      const all = arrange(store, EVERYTHING, null);
      const [x, y] = [store.named('x')!, store.named('y')!];
      const goals = [{ name: 'x', goal: a }, { name: 'y', goal: b }] as const;
      const [sx, sy] = goals.map(sign);
      const whole = Array.from(all).filter((r) => !Number.isNaN(y.number(r)));
      const beaten = (r: number, by: number) => {
        const [dx, dy] = [sx * (x.number(by) - x.number(r)), sy * (y.number(by) - y.number(r))];
        return dx <= 0 && dy <= 0 && (dx < 0 || dy < 0);
      };
      const front = finish(fronting(all, x, y, [goals[0], goals[1]]));
      for (const r of front) expect(whole.some((by) => beaten(r, by))).toBe(false);
      const on = new Set(front);
      for (const r of whole) if (!on.has(r)) expect(Array.from(front).some((by) => beaten(r, by))).toBe(true);
      const best = finish(improving(all, y, goals[1]));
      expect(best.values.at(-1)).toBe(sy * Math.min(...whole.map((r) => sy * y.number(r))));
    }
  });
});
