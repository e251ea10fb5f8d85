import { expect, it } from 'vitest';
import { exportCommand, objectiveCommand, operand, queueNames, replayCommand, rerunCommand, scriptCommand, word, workerCommand, workerCount } from './commands';

it('commands are words of a shell', () => {
  expect(workerCommand('branin', 'redis://host/0', 0, [])).toBe('rush worker --network branin --store redis://host/0');
  expect(workerCommand('b', "/my files/it's.db", 4, ['high', 'low'])).toBe(`rush worker --network b --store '/my files/it'\\''s.db' -n 4 --queue high,low`);
  expect(scriptCommand('b', 'redis://host/0', 2)).toBe('rush script --store redis://host/0 -n 2 b | ssh HOST sh');
  expect(word('$(rm)')).toBe("'$(rm)'");
  expect(word('~x')).toBe("'~x'");
  expect([operand('b'), operand('-b')]).toEqual(['b', '-- -b']);
  expect(word('a?b&c')).toBe("'a?b&c'");
  expect(queueNames(' high, low  x')).toEqual(['high', 'low', 'x']);
});

it('says what an objective runs', () => {
  expect(objectiveCommand({ command: { command: ['node', 'my objective.mjs'], keep: true } })).toBe("node 'my objective.mjs'");
  expect(objectiveCommand({ plugin: { command: ['./fit'] } })).toBe('./fit');
  expect(objectiveCommand({ builtin: 'branin' })).toBe('');
  expect(objectiveCommand(null)).toBe('');
});

it('takes no wrong number of workers for none', () => {
  expect(['', ' 12 ', '256', '0', '-3', '1.5', 'abc', '257'].map(workerCount)).toEqual([0, 12, 256, NaN, NaN, NaN, NaN, NaN]);
});

it('evaluates and proposes again, of any name', () => {
  expect(rerunCommand("it's", '/my files/rush.db', 17)).toBe(`rush rerun --network 'it'\\''s' --store '/my files/rush.db' 17`);
  expect(replayCommand('-b', 'redis://host/0')).toBe('rush replay --store redis://host/0 -- -b');
});

it('takes the table away, of any name', () => {
  expect(exportCommand('digits', '/my files/rush.db')).toBe(`rush export -o results.parquet --store '/my files/rush.db' digits`);
  expect(exportCommand('-b', 'redis://host/0')).toBe('rush export -o results.parquet --store redis://host/0 -- -b');
});
