// Real shells read the words of commands that are copied.

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { word } from '../src/steer/commands';

const shells = ['sh', 'bash', 'dash', 'zsh', 'busybox'].filter((s) => spawnSync(s, s === 'busybox' ? ['sh', '-c', ':'] : ['-c', ':']).status === 0);

/** What a shell makes of words. */
function read(shell: string, words: string[]): string[] {
  const script = `printf '%s\\0' ${words.join(' ')}`;
  const { stdout, stderr } = spawnSync(shell, shell === 'busybox' ? ['sh', '-c', script] : ['-c', script]);
  expect(stderr.toString()).toBe('');
  return stdout.toString('utf8').split('\0').slice(0, -1);
}

const WORDS = [
  '', 'branin', '-', '--help', '-n', '~', '~root', '-\x1b', '~\n', '%s', '%\x07d', '\\', '\\n\x01', "it's", "it's\x1b[31m'", "''", '"', '$(id)', '`id`', '${HOME}\t',
  'a b', ' a ', '\n', 'a\nb', 'a\n', '\na\x1b\n\n', 'a\r\n', '\t', '\x7f', '\x85', '\xa0', '\x1b]0;title\x07', 'a\u202eb', '\u2066a\u2069', '\u200b', '\ufeffa',
  'a\u2028b', 'é', 'שלום', '🚀', '👨‍👩‍👧', '*', '?', '[a-z]', 'a!b', '!!\x01', '#', '&', ';', '|', '>x', '{a,b}', 'a=b', '=ls', '\x01234', '\x1b0', "a\x01'b\\c%d!",
  Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)).join(''),
];

describe('a word is read as it was', () => {
  it.each(shells)('by %s', (shell) => {
    expect(shells.length).toBeGreaterThan(1);
    for (const text of WORDS) expect(read(shell, [word(text)]), JSON.stringify(text)).toEqual([text]);
    expect(read(shell, WORDS.map(word))).toEqual(WORDS);
  });

  it('and shows nothing that cannot be seen, but newlines at its end', () => {
    for (const text of WORDS) expect(word(text).replace(/\n+'$/, "'")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\xa0]/u);
  });

  it('of any characters', () => {
    for (let i = 0; i < 20; i++) {
      const words = Array.from({ length: 40 }, (_, j) => Array.from({ length: j % 7 }, (_, k) => String.fromCharCode(1 + ((i * 7919 + j * 104729 + k * 1299709) % (k % 2 ? 0x7e : 0x2fff)))).join(''));
      expect(read('sh', words.map(word))).toEqual(words);
    }
  });
});
