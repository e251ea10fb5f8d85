// README.md says which check shows which promise: here is whether it still does.

import { readFileSync } from 'node:fs';

/** What is wrong with the list: checks that it does not name, and names that are no checks. */
export function unlisted(names) {
  const text = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| /.test(line) && !/^\| (promise|-)/.test(line));
  const listed = new Set(rows.flatMap((line) => [...line.split('|')[2].matchAll(/“([^”]+)”/g)].map((m) => m[1])));
  return [
    ...names.filter((n) => !listed.has(n)).map((n) => `no promise names the check “${n}”`),
    ...[...listed].filter((n) => !names.includes(n)).map((n) => `there is no check “${n}”`),
  ];
}
