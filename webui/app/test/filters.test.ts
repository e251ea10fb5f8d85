// The filters that page and server have to take or refuse alike.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stream, types } from './arrow';
import { decode } from '../src/data/decode';
import { compile, ExpressionError } from '../src/data/expression';
import { TaskStore } from '../src/data/store';

interface Vectors {
  columns: { name: string; type: 'int' | 'float' | 'text' | 'bool'; values: unknown[] }[];
  taken: { where: string; met: number[] }[];
  refused: { where: string; at?: number; says: string }[];
}

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../../testdata/filters.json'), 'utf8')) as Vectors;
const store = new TaskStore();
store.load(
  decode(
    stream(
      vectors.columns.map(({ name, type, values }) => ({
        name,
        role: name === 'number' || name === 'state' ? 'task' : 'xs',
        type: types[type],
        values: type === 'int' ? values.map((v) => BigInt(v as number)) : values,
      })),
    ),
  ),
);

describe('as the server, the page', () => {
  it.each(vectors.taken)('takes $where', ({ where, met }) => {
    const test = compile(where, store)!;
    expect([0, 1, 2, 3].filter(test)).toEqual(met);
  });

  it.each(vectors.refused)('refuses $where', ({ where, at, says }) => {
    let wrong: unknown;
    try {
      compile(where, store);
    } catch (error) {
      wrong = error;
    }
    expect(wrong).toBeInstanceOf(ExpressionError);
    expect((wrong as ExpressionError).message).toContain(says);
    if (at !== undefined) expect((wrong as ExpressionError).at + 1).toBe(at);
  });
});
