// Networks filled at once, without searching: what fill/ does, as a function.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { program } from './programs.mjs';

const execute = promisify(execFile);

/** The function runs fill on the world's store, or on that of its option store. It returns how many there are. */
export async function filler(world) {
  const file = await program('fill', world.programs);
  return async (verb, network, options = {}) => {
    const flags = Object.entries({ store: world.env.RUSH_STORE, ...options }).flatMap(([k, v]) => [`-${k}`, String(v)]);
    const { stdout } = await execute(file, [verb, '-network', network, ...flags], { env: world.env });
    return Number(stdout.trim());
  };
}
