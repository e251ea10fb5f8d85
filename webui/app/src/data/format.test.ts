import { describe, expect, it } from 'vitest';
import * as f from './format';

describe('what people read', () => {
  it('numbers', () => {
    expect([0, 1.5, -2, 1234567.891, 0.000012345678, NaN, -Infinity, 3e20, 0.1 + 0.2].map((v) => f.number(v))).toEqual([
      '0', '1.5', '−2', '1.2346e6', '1.2346e−5', 'NaN', '−∞', '3e20', '0.3',
    ]);
    expect([0, 999, 1000, 1234567, -12345, 1234.5678].map(f.count)).toEqual(['0', '999', '1,000', '1,234,567', '-12,345', '1,234.5678']);
  });
  it('durations', () => {
    expect([0.0000021, 0.0123, 3.44, 42.9, 60, 320, 7380, 349200].map(f.duration)).toEqual(['2 µs', '12.3 ms', '3.4 s', '42 s', '1 min', '5 min 20 s', '2 h 3 min', '4 d 1 h']);
  });
  it('guesses of durations and shares', () => {
    expect([42, 320, 7380, 349200, NaN].map(f.roughly)).toEqual(['42 s', '5 min', '2 h', '4 d', '–']);
    expect([0, 0.0001, 0.1234, 0.99999, 1].map(f.percent)).toEqual(['0 %', '< 0.1 %', '12.3 %', '> 99.9 %', '100 %']);
    expect(f.duration(0)).toBe('0 s');
  });
  it('rates', () => expect([14512, 12.34, 0.5, 0.001].map(f.rate)).toEqual(['14,500/s', '12.3/s', '30/min', '3.6/h']));
  it('ticks', () => expect([0.1 + 0.2, 2000, 12_000, -12_000, 5e6, 0].map(f.tick)).toEqual(['0.3', '2000', '12,000', '−12,000', '5000000', '0']));
  it('texts without what a terminal would obey', () => {
    expect(f.plain('\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x07\r\n\tend\x00')).toBe('red link␇\n\tend␀');
  });
});
