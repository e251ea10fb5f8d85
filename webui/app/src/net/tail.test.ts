import { describe, expect, it } from 'vitest';
import type { LogLine } from './api';
import { KEPT, Tail } from './tail';

const lines = (from: number, n: number) => Array.from({ length: n }, (_, i) => ({ offset: from + i }) as LogLine);

describe('the tail of a log', () => {
  it('has each line once, in order', () => {
    const tail = new Tail();
    tail.add(lines(10, 5));
    tail.add(lines(13, 5));
    tail.add(lines(7, 5));
    expect(tail.lines.map((l) => l.offset)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
  });
  it('keeps the newest only', () => {
    const tail = new Tail();
    for (let i = 0; i < 50; i++) tail.add(lines(i * 5000, 5000));
    expect(tail.lines.length).toBeLessThanOrEqual(KEPT * 1.05);
    expect(tail.lines.at(-1)!.offset).toBe(249_999);
  });
});
