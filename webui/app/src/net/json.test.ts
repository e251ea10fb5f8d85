import { describe, expect, it } from 'vitest';
import { encode, Raw, typed } from './json';

describe('JSON of what a person typed', () => {
  it('keeps integers exact, and texts texts', () => {
    expect(encode({ a: typed('9007199254740993'), b: typed('rbf'), c: typed(' true '), d: typed('"5"'), e: undefined })).toBe('{"a":9007199254740993,"b":"rbf","c":true,"d":"5"}');
  });

  it('takes any name', () => {
    const names = new Map<string, unknown>([['__proto__', typed('1')], ['constructor', typed('2')], ['a"b', [1, null, { c: 'x' }]]]);
    expect(encode({ extra: names })).toBe('{"extra":{"__proto__":1,"constructor":2,"a\\"b":[1,null,{"c":"x"}]}}');
    expect(encode(JSON.parse('{"__proto__": 4}'))).toBe('{"__proto__":4}');
  });

  it('is JSON.stringify for all else', () => {
    const value = { a: [1, 'two', null, false, { b: 0.5 }], c: 'ω😀' };
    expect(encode(value)).toBe(JSON.stringify(value));
    expect(encode(new Raw('[1]'))).toBe('[1]');
  });
});
