// What tasks have reported on their way: a learning curve each, by step.

import type { Cells } from './column';
import type { Rows } from './store';

/** Reports as they came: rows of many tasks. */
interface Piece {
  steps: Float64Array;
  /** Each output's values, NaN where it was not reported. */
  ys: Map<string, Float64Array>;
}

/** The reports of a task's newest attempt: some rows of a piece. */
export interface Curve {
  number: number;
  attempt: number;
  /** How the task stood when they were read. */
  state: string;
  piece: Piece;
  from: number;
  to: number;
}

export class Curves {
  readonly byTask = new Map<number, Curve>();
  /** The outputs that were reported as numbers, in the order in which they came. */
  outputs: string[] = [];
  /** How many reports there are. */
  reports = 0;

  clear(): void {
    this.byTask.clear();
    this.outputs = [];
    this.reports = 0;
  }

  /** Takes rows with number, attempt, step, state and outputs. All rows of a task take the place of those it had. */
  take(rows: Rows): void {
    const [numbers, attempts, steps] = ['number', 'attempt', 'step'].map((name) => numbersOf(rows.columns.find((c) => c.role === 'task' && c.name === name), rows.length));
    const state = rows.columns.find((c) => c.role === 'task' && c.name === 'state');
    const ys = new Map(rows.columns.filter((c) => c.role === 'ys').map((c) => [c.name, numbersOf(c, rows.length)]));
    for (const name of ys.keys()) if (!this.outputs.includes(name)) this.outputs.push(name);
    const piece = { steps, ys };
    for (let from = 0; from < rows.length; ) {
      let to = from + 1;
      while (to < rows.length && numbers[to] === numbers[from] && attempts[to] === attempts[from]) to++;
      const before = this.byTask.get(numbers[from]);
      this.reports += to - from - (before ? before.to - before.from : 0);
      this.byTask.set(numbers[from], { number: numbers[from], attempt: attempts[from], state: state?.dict?.[state.codes![from]] ?? '', piece, from, to });
      from = to;
    }
  }
}

function numbersOf(cells: Cells | undefined, length: number): Float64Array {
  if (cells?.bigs) return Float64Array.from(cells.bigs, Number);
  return cells?.numbers ?? new Float64Array(length).fill(NaN);
}
