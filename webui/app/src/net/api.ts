// What the server says, and how to ask it. All addresses are relative to the
// page's own, which may lie below any path.

import type { Goal } from '../data/codomain';
import { AnswerError } from './decoder';
import { encode } from './json';

export type State = 'deferred' | 'queued' | 'running' | 'finished' | 'failed';
export const STATES: State[] = ['deferred', 'queued', 'running', 'finished', 'failed'];

export type Counts = Record<State, number> & { total?: number; created?: number; deleted?: number };

export interface Run {
  status: string;
  reason: string;
  elapsed_us: number;
  started_us?: number | null;
  ended_us?: number | null;
}

export interface NetworkLine {
  id: string;
  run: Run;
  counts: Counts;
  workers: number;
  read_only: boolean;
  created?: string | null;
  expires?: string | null;
}

/** A parameter of the search space. */
export interface Parameter {
  name: string;
  type: 'dbl' | 'int' | 'fct' | 'lgl';
  lower?: number | null;
  upper?: number | null;
  levels?: unknown[] | null;
  log?: boolean;
  depends?: string | null;
  fidelity?: boolean;
  default?: unknown;
}

export interface Definition {
  id: string;
  store: string;
  read_only: boolean;
  version: string | number;
  space: Parameter[] | null;
  constraints?: unknown;
  codomain: { name: string; goal: Goal }[] | null;
  loop: Record<string, unknown> | null;
  terminators: unknown;
  objective: unknown;
  seed: number[] | null;
  rush?: string;
  source?: string;
  limit?: number;
  run: Run;
  counts: Counts;
  frozen: boolean;
  /** Whether tasks report on their way: some have, or the search stops tasks early by it. */
  reports: boolean;
  /** It keeps what each proposal saw. */
  record?: boolean;
  /** Whether other machines may reach the store. */
  remote: boolean;
  /** Whether the server can start workers. */
  starts_workers: boolean;
  /** When the network was made; null is unknown. */
  created: string | null;
  /** When the network is deleted; null is never. */
  expires: string | null;
}

export interface Worker {
  id: string;
  state: 'starting' | 'running' | 'paused' | 'terminated' | 'killed' | 'lost';
  reason: string;
  local: boolean;
  client: boolean;
  pid: number;
  host: string;
  platform: string;
  user: string;
  dir: string;
  version: string;
  loop: string;
  queues: string[];
  heartbeat_us: number;
  expiry_us: number;
  registered_us: number | null;
  beat_us: number | null;
  ended_us: number | null;
  rejoined: number;
  running: number[];
  tasks: number;
  busy_us: number;
}

export interface LogLine {
  offset: number;
  time_us: number;
  worker: string;
  task: number | null;
  kind: 'log' | 'event' | 'stdout' | 'stderr';
  level: string;
  logger: string;
  message: string;
  attrs: Record<string, unknown>;
}

/** Failures with the same message. Its id can stand for all of it in a filter. */
export interface Failure {
  id: string;
  class: string;
  message: string;
  truncated: boolean;
  count: number;
  newest: number;
  oldest: number;
}

export interface Condition {
  class: string;
  message: string;
  exit_code: number | null;
  signal: string;
  stderr: string;
  trace: string;
}

export type Values = Record<string, unknown> | null;

export interface Report {
  step: number;
  ys: Values;
}

export interface Attempt {
  attempt: number;
  state: string;
  worker_id: string;
  ys: Values;
  condition: Condition | null;
  reports: Report[];
  started: string | null;
  finished: string | null;
}

/** All that is known of one task. */
export interface Task {
  number: number;
  state: State;
  attempt: number;
  worker_id: string;
  xs: Values;
  ys: Values;
  xs_extra: Values;
  ys_extra: Values;
  condition: Condition | null;
  progress: unknown;
  reports: Report[];
  attempts: Attempt[];
  late: { attempt: number; worker: string; ys: Values; condition: Condition | null; at: string | null }[];
  depends_on: number[];
  queue: string;
  function: string;
  seed: number[] | null;
  max_retries: number;
  memory: number;
  isolate: boolean;
  timeout_us: number;
  stall_us: number;
  created: string | null;
  started: string | null;
  finished: string | null;
  spent_us: Record<string, number>;
  /** Where a queued task waits. */
  place?: { queue: string; position: number };
  /** A person evaluates it, who can tell what came out. */
  by_hand: boolean;
  logs: LogLine[];
}

/** How many tasks wait in a queue, and who takes from it. */
export interface Queue {
  name: string;
  length: number;
  workers: string[];
  /** It is that of the worker whose id it has as name. */
  own: boolean;
}

/** What a worker answered to a message. */
export interface Answer {
  worker: string;
  value: unknown;
  error?: string;
  /** It has not answered yet. */
  pending?: boolean;
}

/** How much of an output's variance the parameters explain. */
export interface Importance {
  target: string;
  tasks: number;
  r2_out_of_bag: number | null;
  parameters: { name: string; share: number }[];
  pairs: { names: [string, string]; share: number }[];
  remarks: string[] | null;
}

/** Which tasks an action is about: all conditions hold. */
export interface Filter {
  state?: string[];
  where?: string;
  numbers?: number[];
  condition?: string;
}

/** What an action did. */
export interface Done {
  done: number;
  refused: { number: number | null; worker?: string; message: string }[];
  refused_others: number;
  numbers?: number[];
  workers?: string[];
  pending?: boolean;
  rows?: Record<string, unknown>[];
  /** Columns of what is pushed that are no inputs. */
  left_out?: string[];
  message?: string;
  answers?: Answer[];
}

const base = new URL('.', location.href).href;

/** The address of something below the page's own. */
export function address(path: string, query: Record<string, string | number | undefined> = {}): string {
  const url = new URL(path, base);
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== '') url.searchParams.set(key, String(value));
  return url.href;
}

export function networkAddress(id: string, path = '', query: Record<string, string | number | undefined> = {}): string {
  return address(`api/networks/${encodeURIComponent(id)}${path}`, query);
}

/** Asks for JSON. */
export async function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  return answer<T>(await fetch(url, { headers: { Accept: 'application/json' }, signal }));
}

/** Has something done. */
export async function post<T>(url: string, body: unknown): Promise<T> {
  return answer<T>(
    await fetch(url, { method: 'POST', headers: { Accept: 'application/json', 'Content-Type': 'application/json' }, body: encode(body) }),
  );
}

/** A network as a person sees it: another one may have its name by now, and is not meant. */
export interface Meant {
  id: string;
  /** When it was made; empty is unknown. */
  created: string;
}

/** Counts the tasks that a filter means. */
export function countTasks(network: Meant, filter: Filter): Promise<{ count: number; state: Record<string, number> }> {
  return post(meantAddress(network, '/actions/count'), { filter });
}

/** Has a network do a verb. */
export function act(network: Meant, verb: string, body: unknown): Promise<Done> {
  return post<Done>(meantAddress(network, `/actions/${verb}`), body);
}

/** The address of what the server refuses when another network has the name by now. */
export function meantAddress({ id, created }: Meant, path: string, query: Record<string, string | number | undefined> = {}): string {
  return networkAddress(id, path, { ...query, created });
}

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new AnswerError(text || `the server answered ${response.status} ${response.statusText}`, response.status);
  }
  if (response.ok) return body as T;
  const message = (body as { error?: { message?: string } }).error?.message;
  throw new AnswerError(message ?? `the server answered ${response.status}`, response.status);
}
