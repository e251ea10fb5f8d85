import { describe, expect, it } from 'vitest';
import { line, spoken } from './lines';

describe('a text as a line of a column', () => {
  it('has nothing in it that would end the line', () => {
    expect(line('a\nb\r\nc\td\u2028e\u2029f\vg\fh\x85i\x1cj')).toBe('a b c d e f g h i j');
    expect(line('\n  two   spaces \n')).toBe('two spaces');
    expect(line('')).toBe('');
  });

  it('keeps all else', () => {
    for (const text of ['−1.5e−7', 'שלום 🎉', '👩‍👩‍👧‍👦', 'a\u202eb', 'e\u0301', '<b>']) expect(line(text)).toBe(text);
  });
});

describe('a row in words', () => {
  it('names what it has', () => {
    expect(spoken(['number', 'state', 'loss'], ['3', 'failed', ''])).toBe('number 3, state failed');
    expect(spoken([], [])).toBe('');
  });
});
