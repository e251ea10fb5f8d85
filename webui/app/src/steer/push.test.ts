import { describe, expect, it } from 'vitest';
import type { Parameter } from '../net/api';
import { encode } from '../net/json';
import { base64, fileFormat, leftOut, NO_OPTIONS, numbers, optionsBody, pointLine } from './push';

describe('a point of the form', () => {
  const space: Parameter[] = [
    { name: '__proto__', type: 'dbl' },
    { name: 'constructor', type: 'fct', levels: ['a', 3, null] },
    { name: 'toString', type: 'lgl' },
    { name: 'n', type: 'int' },
  ];

  it('has any names, and what was typed', () => {
    expect(pointLine(space, ['.5', '"a"', 'true', '9007199254740993'])).toBe('{"__proto__":0.5,"constructor":"a","toString":true,"n":9007199254740993}');
    expect(pointLine(space, ['-01.', '3', '', ''])).toBe('{"__proto__":-1,"constructor":3}');
    expect(pointLine(space, ['1.e3', 'null', '', 'x'])).toBe('{"__proto__":1e3,"constructor":"null","n":"x"}');
  });

  it('is JSON whatever was typed', () => {
    for (const text of ['1', '-1.5e-3', '.5', '5.', '007', '-0', '0.0', 'NaN', '1e', '"', '--1', 'true ']) {
      expect(() => JSON.parse(pointLine(space, [text]))).not.toThrow();
    }
  });
});

describe('options of a push', () => {
  it('are left out when nothing was typed', () => {
    expect(encode(optionsBody(NO_OPTIONS))).toBe('{}');
  });

  it('are what was typed', () => {
    const extra = [{ name: '__proto__', value: '1' }, { name: 'who', value: 'ann' }, { name: '', value: 'x' }];
    expect(encode(optionsBody({ ...NO_OPTIONS, queue: ' high ', retries: '0', timeout: '1.5', after: '3, 7:9', afterRows: 'after', extra }))).toBe(
      '{"queue":"high","max_retries":0,"timeout_us":1500000,"after":[3,7,8,9],"after_rows":"after","extra":{"__proto__":1,"who":"ann"}}',
    );
  });

  it('say what is wrong', () => {
    expect(() => optionsBody({ ...NO_OPTIONS, retries: '-1' })).toThrow(/retries/);
    expect(() => optionsBody({ ...NO_OPTIONS, timeout: 'soon' })).toThrow(/seconds/);
    expect(() => numbers('3 x')).toThrow(/“x”/);
    expect(() => numbers('9:7')).toThrow();
  });
});

it('bytes are base64', () => {
  expect(base64(new Uint8Array([0, 255, 16]))).toBe('AP8Q');
  expect(base64(new Uint8Array(100_000)).length).toBe(133_336);
});

it('files that rush exports are known by their names', () => {
  expect(['a.parquet', 'A.ARROW', 'a.arrows', 'a.feather', 'a.csv', 'arrow'].map(fileFormat)).toEqual(['parquet', 'arrow', 'arrow', 'arrow', '', '']);
});

it('names the columns that are left out, not all of very many', () => {
  expect(leftOut([])).toBe('');
  expect(leftOut(['state', 'attempt'])).toBe('; left out: state, attempt');
  expect(leftOut(Array.from({ length: 25 }, (_, i) => `c${i}`))).toMatch(/, c19 and 5 more$/);
});
