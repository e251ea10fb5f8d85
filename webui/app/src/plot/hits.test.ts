import { expect, it } from 'vitest';
import { Hits } from './hits';

it('finds what was painted at a place, and beside it', () => {
  const hits = new Hits();
  hits.clear(3, 60, 100.5);
  hits.mark(0, 10.2, 20.7, 0);
  hits.mark(1, 90, 200, 7);
  hits.mark(2, -5, 3, 8);
  hits.mark(0, 15, 15.1, 9);
  expect([8, 10, 14, 15, 16, 20, 22].map((x) => hits.at(0, x))).toEqual([0, 0, 0, 9, 0, 0, 0]);
  expect([6, 24, 90].map((x) => hits.at(0, x))).toEqual([-1, -1, -1]);
  expect([hits.at(1, 100), hits.at(2, 0), hits.at(2, 6), hits.at(-1, 15), hits.at(3, 15), hits.at(NaN, 1)]).toEqual([7, 8, -1, -1, -1, -1]);
  hits.clear(3, 60, 100.5);
  expect(hits.at(0, 15)).toBe(-1);
});

it('has one place for each pixel, however many lanes there are', () => {
  const hits = new Hits();
  hits.clear(1000, 100, 50);
  hits.mark(999, 10, 12, 4);
  expect([hits.at(999, 11), hits.at(990, 11), hits.at(989, 11)]).toEqual([4, 4, -1]);
});
