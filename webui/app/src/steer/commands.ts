// Command lines that do from elsewhere what the page does.

/**
 * One word of a shell, which reads it as exactly these bytes: any of POSIX, also one at a terminal. What nobody sees, or what
 * turns text around, is written as a number by printf, since not every shell has $'...'. No shell can have a NUL.
 */
export function word(text: string): string {
  if (/^[\w./:@%+=,-][\w./:@%+=,~-]*$/.test(text)) return text;
  const [, seen, ends] = /^(.*?)(\n*)$/s.exec(text)!; // $(...) loses the newlines at its end
  if (!UNSEEN.test(seen)) return quoted(text);
  return `"$(printf '${seen.replace(PLAIN, octal)}')"${ends === '' ? '' : quoted(ends)}`;
}

/** What follows a command that takes it as it is, and comes last: no option, whatever it begins with. */
export function operand(text: string): string {
  return text.startsWith('-') ? `-- ${word(text)}` : word(text);
}

const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
// All of that, and what printf, the quotes, a history of commands, or an option would take for their own.
const PLAIN = /[\p{C}\p{Zl}\p{Zp}%\\'!]|(?! )\p{Zs}|^-/gu;

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function octal(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
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
  return `rush script --store ${word(store)}${n > 0 ? ` -n ${n}` : ''} ${operand(network)} | ssh HOST sh`;
}

/** Evaluates a task again where it is called, outside of its network. */
export function rerunCommand(network: string, store: string, task: number): string {
  return `rush rerun --network ${word(network)} --store ${word(store)} ${task}`;
}

/** Proposes the recorded points of a network again, and compares. */
export function replayCommand(network: string, store: string): string {
  return `rush replay --store ${word(store)} ${operand(network)}`;
}

/** Writes the table of all tasks into a file. */
export function exportCommand(network: string, store: string): string {
  return `rush export -o results.parquet --store ${word(store)} ${operand(network)}`;
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
