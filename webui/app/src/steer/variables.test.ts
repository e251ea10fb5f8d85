import { expect, it } from 'vitest';
import { variablesProblem } from './variables';

const named = (name: string, value = 'x') => variablesProblem([{ name, value }]);

it('takes names that every shell reads', () => {
  for (const name of ['A', '_', 'OMP_NUM_THREADS', 'http_proxy', 'A1', 'RUSH']) expect(named(name), name).toBe('');
  expect(named('', '')).toBe('');
});

it('says what is allowed', () => {
  for (const name of ['MY TOKEN', 'A=B', 'A\0B', ' A', 'A\n', '1A', 'a-b', 'é']) expect(named(name), name).toContain('letters, digits and _ with no digit first');
  expect(named('')).toContain('A variable has no name');
  expect(named('RUSH_TASK')).toContain('does not begin with RUSH_');
  expect(named('A', 'a\0')).toContain('NUL');
});
