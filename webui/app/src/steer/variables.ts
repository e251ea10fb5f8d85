// Names of environment variables, as the server takes them.

import type { Pair } from './Pairs.svelte';

const ALLOWED = 'expected letters, digits and _ with no digit first, as in OMP_NUM_THREADS';

/** What is wrong with variables that somebody typed; empty when nothing is. A row with nothing in it is none. */
export function variablesProblem(pairs: Pair[]): string {
  for (const { name, value } of pairs) {
    if (name === '' && value !== '') return `A variable has no name: ${ALLOWED}.`;
    if (name !== '' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `“${name}” cannot name a variable: ${ALLOWED}.`;
    if (name.startsWith('RUSH_')) return `${name} may be set by rush itself: choose a name that does not begin with RUSH_.`;
    if (value.includes('\0')) return `The text of ${name} has a NUL character, which ends every variable.`;
  }
  return '';
}
