import { expect, it } from 'vitest';
import type { Curve } from './curves';
import { crossings, freeBeside, roomBeside } from './labels';
import { scale } from './scale';

const x = scale({ low: 0, high: 10 }, 0, 500);
const y = scale({ low: 0, high: 10 }, 300, 0);
const line = (...ys: number[]): Curve => ({ number: 0, row: 0, ending: 'finished', marked: true, xs: Float64Array.from(ys, (_, i) => (10 * i) / (ys.length - 1)), ys: Float64Array.from(ys) });
const size = { width: 80, height: 18 };

it('a name stands beside the end of its line, on the side where no other one runs', () => {
  const best = line(8, 5, 4);
  const below = roomBeside(best, [best, line(9, 6, 5), line(9, 7, 4.5)], x, y, size)!;
  expect(below.box.top).toBeGreaterThan(y.at(4));
  const above = roomBeside(best, [best, line(7, 4, 3), line(7, 4.5, 3.2)], x, y, size)!;
  expect(above.box.top + size.height).toBeLessThan(y.at(4));
});

it('a name is farther away where others would be covered, and never on its own line', () => {
  const best = line(6, 1, 0.2);
  const crowd = [0.5, 0.8, 1.1, 1.4, 1.7, 2].map((end) => line(9, 2 + end, end));
  const { box } = roomBeside(best, crowd, x, y, size)!;
  expect(crossings(box, [best], x, y)).toBe(0);
  expect(crossings(box, crowd, x, y)).toBeLessThan(2);
});

it('names have room on the side where their line ends', () => {
  const extent = { low: 0, high: 10 };
  expect(freeBeside(line(8, 1), extent, false, 30, 330)).toEqual({ low: -1, high: 10 });
  expect(freeBeside(line(8, 9), extent, false, 30, 330)).toEqual({ low: 0, high: 11 });
  expect(freeBeside(line(10, 1), { low: 1, high: 100 }, true, 30, 330).low).toBeCloseTo(0.631, 3);
});

it('a line that is nowhere has no name', () => {
  expect(roomBeside(line(NaN, NaN), [], x, y, size)).toBeNull();
});
