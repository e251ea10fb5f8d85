// Networks filled at once, without searching: what fill/ does, as a function.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds fill into a world; the function runs it on the world's store, or on --store. */
export async function filler(world) {
  const program = process.env.FILL ?? join(world.dir, 'fill');
  if (!existsSync(program)) await execute('go', ['build', '-o', program, './webui/app/e2e/fill'], { cwd: root });
  return async (verb, network, options = {}) => {
    const flags = Object.entries({ store: world.env.RUSH_STORE, ...options }).flatMap(([k, v]) => [`-${k}`, String(v)]);
    const { stdout } = await execute(program, [verb, '-network', network, ...flags], { env: world.env });
    return Number(stdout.trim());
  };
}
