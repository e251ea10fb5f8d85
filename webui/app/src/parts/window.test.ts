import { describe, expect, it } from 'vitest';
import { reveal, sight, TALLEST } from './window';

describe('the rows in sight', () => {
  it('are those at the scroll position', () => {
    const lines = { rows: 100, height: 20, room: 205 };
    expect(sight(lines, 0)).toEqual({ tall: 2000, first: 0, count: 12, top: 0 });
    expect(sight(lines, 50)).toEqual({ tall: 2000, first: 2, count: 12, top: 40 });
    expect(sight(lines, 1795)).toEqual({ tall: 2000, first: 89, count: 11, top: 1780 });
    expect(sight({ ...lines, rows: 0 }, 0)).toEqual({ tall: 0, first: 0, count: 0, top: 0 });
  });

  it('reach the last of a million, though no element can be that tall', () => {
    const lines = { rows: 1_000_000, height: 26, room: 600 };
    const end = sight(lines, TALLEST - lines.room);
    expect(end.tall).toBe(TALLEST);
    expect(end.first + end.count).toBe(1_000_000);
    expect(end.top + end.count * lines.height).toBeCloseTo(TALLEST, 3);
  });

  it('can be moved to any row', () => {
    for (const rows of [100, 1_000_000]) {
      const lines = { rows, height: 26, room: 600 };
      for (const row of [0, 1, 50, rows / 2, rows - 2, rows - 1]) {
        const { first, count, top } = sight(lines, reveal(lines, 0, row));
        expect(row).toBeGreaterThanOrEqual(first);
        expect(row).toBeLessThan(first + count);
        expect(top + (row - first + 1) * 26).toBeLessThanOrEqual(reveal(lines, 0, row) + 600 + 1e-3);
      }
      expect(reveal(lines, reveal(lines, 0, 50), 50)).toBeCloseTo(reveal(lines, 0, 50), 3);
    }
  });
});
