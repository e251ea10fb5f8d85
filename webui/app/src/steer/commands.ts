// Command lines that do from elsewhere what the page does.

/** One word of a shell. */
export function word(text: string): string {
  return /^[\w./:@%+=,~-]+$/.test(text) && !text.startsWith('~') ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Starts workers of a network. */
export function workerCommand(network: string, store: string, n: number, queues: string[]): string {
  const words = ['rush', 'worker', '--network', word(network), '--store', word(store)];
  if (n > 0) words.push('-n', String(n));
  if (queues.length > 0) words.push('--queue', word(queues.join(',')));
  return words.join(' ');
}

/** Starts workers of a network on a machine that ssh reaches. */
export function scriptCommand(network: string, store: string, n: number): string {
  return `rush script ${word(network)} --store ${word(store)}${n > 0 ? ` -n ${n}` : ''} | ssh HOST sh`;
}

/** The most workers that the server starts at once. */
export const MOST = 256;

/** How many workers somebody typed: 0 for nothing, NaN for what is no number from 1 to MOST. */
export function workerCount(text: string): number {
  const typed = text.trim();
  if (typed === '') return 0;
  const n = /^\d{1,9}$/.test(typed) ? Number(typed) : NaN;
  return n >= 1 && n <= MOST ? n : NaN;
}

/** Names of queues as they were typed: high, low. */
export function queueNames(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** The command line of an objective that is a program, as the definition has it; "" for one that is built in. */
export function objectiveCommand(objective: unknown): string {
  const { command, plugin } = (objective ?? {}) as Record<string, { command?: unknown } | null | undefined>;
  const words = (command ?? plugin)?.command;
  return Array.isArray(words) ? words.map((part) => word(String(part))).join(' ') : '';
}
