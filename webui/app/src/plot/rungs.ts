// Points that are evaluated with more and more of a budget, as asha, hyperband and
// bohb do: a line for each, over the budget. docs/fidelity.md says what tasks keep of it.

import { sign, type Objective } from '../data/codomain';
import type { Column } from '../data/column';
import type { Steps } from '../data/steps';
import type { TaskStore } from '../data/store';
import type { Definition } from '../net/api';
import { endingsOf, lastOf, shownRows, SOME, type Curve, type Ending } from './curves';

/** No point is promoted more often. */
const HIGHEST = 64;
const LOOPS = ['asha', 'hyperband', 'bohb'];

/** Whether a search is expected to promote points, before it has. */
export function promotes(definition: Definition | null): boolean {
  return definition?.space?.some((p) => p.fidelity) === true && LOOPS.includes(String(definition.loop?.name));
}

/** The columns that say which task continues which. */
export interface Ladder {
  budget: Column;
  /** The largest that there is. */
  upper: number;
  /** The task that a task continues. */
  from: Column;
  /** How often a point was promoted, and how often it can be. */
  rung: Column | undefined;
  bracket: Column | undefined;
}

/** The ladder of a search with a fidelity parameter whose tasks continue others; null of any other. */
export function ladderOf(store: TaskStore, definition: Definition | null): Ladder | null {
  const fidelity = definition?.space?.find((p) => p.fidelity);
  const budget = fidelity && store.column('xs', fidelity.name);
  const from = store.column('xs_extra', 'from');
  if (!budget || !from) return null;
  return { budget, upper: fidelity.upper ?? Infinity, from, rung: store.column('xs_extra', 'rung'), bracket: store.column('xs_extra', 'bracket') };
}

/**
 * A line for each point: what its tasks had of an output, by their budgets. It has the
 * number and the row of its last task with a value, and ends as its last task did. A
 * line is shown whole if one of its tasks is among the rows, and marked if one of them is.
 */
export function* rungLines(store: TaskStore, ladder: Ladder, rows: Uint32Array | null, flags: Uint8Array | null, output: Column): Steps<Curve[]> {
  const shown = shownRows(store, rows, flags);
  const { before, last } = yield* links(store, ladder);
  const ended = endingsOf(store);
  const out: Curve[] = [];
  for (let tip = 0; tip < last.length; tip++) {
    if (tip % SOME === SOME - 1) yield;
    if (!last[tip]) continue;
    const path: number[] = [];
    for (let row = tip; row >= 0 && path.length < HIGHEST; row = before[row]) path.unshift(row);
    const seen = path.reduce((most, row) => Math.max(most, shown[row]), 0);
    const points = path.filter((row) => (ended(row) === 'finished' || ended(row) === 'stopped') && !Number.isNaN(output.number(row)));
    if (seen === 0 || points.length === 0) continue;
    const row = points[points.length - 1];
    const xs = Float64Array.from(points, (p) => ladder.budget.number(p));
    const ys = Float64Array.from(points, (p) => output.number(p));
    out.push({ number: store.number(row), row, ending: endOf(tip, ladder, ended(tip)), marked: seen === 2, xs, ys });
  }
  return out.sort((a, b) => a.number - b.number);
}

/** Of each row, the one that it continues, or -1, and whether no other one continues it. */
function* links(store: TaskStore, { budget, from }: Ladder): Steps<{ before: Int32Array; last: Uint8Array }> {
  const before = new Int32Array(store.length).fill(-1);
  const last = new Uint8Array(store.length).fill(1);
  for (let row = 0; row < last.length; row++) {
    if (row % SOME === SOME - 1) yield;
    const earlier = from.missing(row) ? -1 : store.row(from.number(row));
    // Only a larger budget continues: so nothing goes round in circles.
    if (earlier < 0 || earlier >= before.length || !(budget.number(earlier) < budget.number(row))) continue;
    before[row] = earlier;
    last[earlier] = 0;
  }
  return { before, last };
}

// A task that waits for its turn is under way, too.
function endOf(row: number, { budget, upper, rung, bracket }: Ladder, ended: Ending | null): Ending {
  if (ended !== 'finished') return ended ?? 'running';
  const [at, most] = [rung?.number(row) ?? NaN, bracket?.number(row) ?? NaN];
  const top = Number.isNaN(at) || Number.isNaN(most) ? budget.number(row) >= upper : at >= most;
  return top ? 'finished' : 'left';
}

/** The best of the lines that have come to the largest budget so far and were not stopped early; null without a direction. */
export function bestRung(lines: Curve[], objective: Objective | null): Curve | null {
  if (objective === null || (objective.goal !== 'minimize' && objective.goal !== 'maximize')) return null;
  const s = sign(objective);
  let best: Curve | null = null;
  for (const line of lines) {
    if (line.ending === 'stopped') continue;
    const [a, b] = [lastOf(line), best && lastOf(best)];
    if (b === null || a.x > b.x || (a.x === b.x && s * a.y < s * b.y)) best = line;
  }
  return best;
}
