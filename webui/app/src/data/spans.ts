// Who ran what when, as stretches of time in lanes.

import { strides, type Steps } from './steps';
import type { TaskStore } from './store';

/** Tasks that were started, as rows of the store: whose they are, and from when to when. */
export interface Spans {
  rows: Uint32Array;
  /** The lane of each: an index into workers. */
  lane: Uint32Array;
  from: Float64Array;
  /** NaN while it runs. */
  to: Float64Array;
  state: Uint8Array;
  workers: string[];
  low: number;
  high: number;
  /** Whether any still runs. */
  running: boolean;
}

/** What a state's number in Spans means. */
export const SPAN_STATES = ['finished', 'failed', 'running'] as const;

export const NO_SPANS: Spans = {
  rows: new Uint32Array(0), lane: new Uint32Array(0), from: new Float64Array(0), to: new Float64Array(0), state: new Uint8Array(0),
  workers: [], low: Infinity, high: -Infinity, running: false,
};

/** The newest attempt of each task that was started, by microseconds. */
export function* spans(store: TaskStore): Steps<Spans> {
  const [state, worker, started, finished] = ['state', 'worker_id', 'started', 'finished'].map((n) => store.column('task', n));
  if (!state || !worker || !started) return NO_SPANS;
  const n = store.length;
  const out = { rows: new Uint32Array(n), lane: new Uint32Array(n), from: new Float64Array(n), to: new Float64Array(n), state: new Uint8Array(n) };
  const lanes = new Map<number, number>();
  const codes = SPAN_STATES.map((s) => state.codeOf(s));
  let [count, low, high, running] = [0, Infinity, -Infinity, false];
  yield* strides(n, (first, end) => {
    for (let row = first; row < end; row++) {
      const who = worker.code(row);
      if (who < 0) continue;
      const kind = codes.indexOf(state.code(row));
      const from = started.number(row);
      if (kind < 0 || !(from > 0)) continue;
      let lane = lanes.get(who);
      if (lane === undefined) lanes.set(who, (lane = lanes.size));
      const to = kind === 2 ? NaN : (finished?.number(row) ?? NaN);
      out.rows[count] = row;
      out.lane[count] = lane;
      out.from[count] = from;
      out.to[count] = to;
      out.state[count++] = kind;
      if (kind === 2) running = true;
      if (from < low) low = from;
      if (to > high) high = to;
      if (from > high) high = from;
    }
  });
  const cut = <T extends Uint32Array | Float64Array | Uint8Array>(a: T) => a.subarray(0, count) as T;
  return {
    rows: cut(out.rows), lane: cut(out.lane), from: cut(out.from), to: cut(out.to), state: cut(out.state),
    workers: [...lanes.keys()].map((code) => worker.dict[code]), low, high, running,
  };
}
