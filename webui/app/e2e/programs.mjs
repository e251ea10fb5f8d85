// The programs that the browser tests run, built once.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
const execute = promisify(execFile);
const packages = { rush: './cmd/rush', fill: './webui/app/e2e/fill', page: './examples/page' };

/**
 * Where a program is: what RUSH or FILL name, or built into a directory. Two that
 * ask at the same time for one that is not there yet would build it twice.
 */
export async function program(name, dir) {
  const given = process.env[name.toUpperCase()];
  if (given) return given;
  const file = join(dir, `program-${name}`);
  if (!existsSync(file)) await execute('go', ['build', '-o', file, packages[name]], { cwd: root });
  return file;
}

/** Builds all of them into a directory. */
export async function programs(dir) {
  for (const name of Object.keys(packages)) await program(name, dir);
  return dir;
}
