// Who ran what when, as stretches of time in lanes. They are read from the store
// again whenever they are painted: nothing is kept for each task.

import { strides, type Steps } from './steps';
import type { TaskStore } from './store';

/** What a state's number in a Span means. */
export const SPAN_STATES = ['finished', 'failed', 'running'] as const;
const RUNNING = SPAN_STATES.indexOf('running');

/** A task that was started. */
export interface Span {
  /** An index into workers. */
  lane: number;
  from: number;
  /** NaN while it runs. */
  to: number;
}

/** Tasks that were started: how many, whose they are, and from when to when, by microseconds. */
export interface Spans {
  count: number;
  /** How many rows of the store were looked at. */
  rows: number;
  workers: string[];
  low: number;
  high: number;
  /** Whether any still runs. */
  running: boolean;
  /** Writes what a row is into a span, if it is one of a state; false if it is not. */
  read(row: number, kind: number, into: Span): boolean;
}

export const NO_SPANS: Spans = { count: 0, rows: 0, workers: [], low: Infinity, high: -Infinity, running: false, read: () => false };

/** The newest attempt of each task that was started. */
export function* spans(store: TaskStore): Steps<Spans> {
  const [state, worker, started, finished] = ['state', 'worker_id', 'started', 'finished'].map((n) => store.column('task', n));
  if (!state || !worker || !started) return NO_SPANS;
  const codes = SPAN_STATES.map((s) => state.codeOf(s));
  const lanes = new Map<number, number>();
  const read = (row: number, kind: number, into: Span): boolean => {
    if (codes[kind] < 0 || state.code(row) !== codes[kind]) return false;
    const lane = lanes.get(worker.code(row));
    const from = started.number(row);
    if (lane === undefined || !(from > 0)) return false;
    into.lane = lane;
    into.from = from;
    into.to = kind === RUNNING ? NaN : (finished?.number(row) ?? NaN);
    return true;
  };
  const span: Span = { lane: 0, from: 0, to: 0 };
  let [count, low, high, running] = [0, Infinity, -Infinity, false];
  const rows = store.length;
  yield* strides(rows, (first, end) => {
    for (let row = first; row < end; row++) {
      const who = worker.code(row);
      const kind = who < 0 ? -1 : codes.indexOf(state.code(row));
      if (kind < 0 || !(started.number(row) > 0)) continue;
      if (!lanes.has(who)) lanes.set(who, lanes.size);
      read(row, kind, span);
      count++;
      if (kind === RUNNING) running = true;
      low = Math.min(low, span.from);
      high = Math.max(high, span.from, Number.isNaN(span.to) ? span.from : span.to);
    }
  });
  return { count, rows, workers: [...lanes.keys()].map((code) => worker.dict[code]), low, high, running, read };
}
