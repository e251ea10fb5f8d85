// The tasks of a network as the page holds them: columns, and which row has
// which task. Rows are in no order: sorting and filtering make lists of rows.

import { CHUNK, Column, columnKey, type Cells, type Role } from './column';
import { finish, strides, type Steps } from './steps';

/** Some rows of all columns, as the decoder sends them. */
export interface Rows {
  length: number;
  columns: Cells[];
}

const ROLES: Role[] = ['xs', 'ys', 'xs_extra', 'ys_extra'];
const FIRST = ['number', 'state'];

/** What a change did. */
export interface Change {
  added: number;
  updated: number;
  removed: number;
}

export class TaskStore {
  /** Rows in use: 0 to length - 1. */
  length = 0;
  /** Grows with every change. */
  version = 0;
  /** Grows with every change of which columns there are, or of their kinds. */
  shape = 0;
  private byKey = new Map<string, Column>();
  private rowOf = new Map<number, Int32Array>();

  /** Forgets all and takes these rows, at once. */
  load(batches: Rows[]): void {
    finish(this.loading(batches));
  }

  /** Takes these rows in place of all others: the others are there until these are. */
  *loading(batches: Rows[]): Steps<void> {
    const fresh = new TaskStore();
    for (const rows of batches) yield* fresh.upserting(rows);
    this.length = fresh.length;
    this.byKey = fresh.byKey;
    this.rowOf = fresh.rowOf;
    this.shape++;
    this.version++;
  }

  /** upserting, at once. */
  upsert(rows: Rows): Change {
    return finish(this.upserting(rows));
  }

  /**
   * Takes rows that are new or have changed, each by its number. A row whose
   * state is "deleted" goes. A column that does not come along is empty in
   * these rows. Until it is over, new rows may lack some of their cells.
   */
  *upserting(rows: Rows): Steps<Change> {
    const numbers = rows.columns.find((c) => c.role === 'task' && c.name === 'number')?.numbers;
    if (!numbers) throw new Error('rows came without the column "number"');
    const came = rows.columns.map((cells) => this.take(cells));
    const absent = [...this.byKey.values()].filter((c) => !came.some((t) => t.column === c));
    const gone = deleted(rows);
    const change = { added: 0, updated: 0, removed: 0 };
    if (gone) for (let i = 0; i < rows.length; i++) if (gone[i] && this.remove(numbers[i])) change.removed++;
    const at = new Int32Array(rows.length);
    yield* strides(rows.length, (from, to) => this.find(numbers, gone, absent, at, change, from, to));
    for (const { column, cells, codes } of came) {
      column.put(at, cells, codes);
      yield;
    }
    this.version++;
    return change;
  }

  /** Finds the rows of some tasks, and makes those that are not there. */
  private find(numbers: Float64Array, gone: Uint8Array | undefined, absent: Column[], at: Int32Array, change: Change, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      if (gone?.[i]) {
        at[i] = -1;
        continue;
      }
      at[i] = this.row(numbers[i]);
      if (at[i] < 0) {
        at[i] = this.length++;
        this.place(numbers[i], at[i]);
        change.added++;
      } else {
        change.updated++;
        for (const c of absent) c.clear(at[i]);
      }
    }
  }

  /** The row of a task, or -1. */
  row(number: number): number {
    const chunk = this.rowOf.get(Math.floor(number / CHUNK));
    return chunk === undefined ? -1 : chunk[number % CHUNK];
  }

  /** The task of a row. */
  number(row: number): number {
    return this.column('task', 'number')?.number(row) ?? NaN;
  }

  column(role: Role, name: string): Column | undefined {
    return this.byKey.get(columnKey(role, name));
  }

  /** A column by what it is called in tables: its name, or ROLE.NAME where that is taken. */
  named(label: string): Column | undefined {
    return this.columns().find((c) => this.label(c) === label);
  }

  /**
   * What a column is called: its name, with its role before it where another
   * column has the same name.
   */
  label(column: Column): string {
    if (column.role === 'task') return column.name;
    for (const role of ['task', ...ROLES] as Role[]) {
      if (role !== column.role && this.byKey.has(columnKey(role, column.name))) return `${column.role}.${column.name}`;
    }
    return column.name;
  }

  /** All columns: number and state, inputs, outputs, extras, and what every task has. */
  columns(): Column[] {
    const all = [...this.byKey.values()];
    const first = FIRST.map((name) => this.byKey.get(columnKey('task', name))).filter((c) => c !== undefined);
    const rest = all.filter((c) => c.role === 'task' && !FIRST.includes(c.name));
    return [...first, ...ROLES.flatMap((role) => all.filter((c) => c.role === role)), ...rest];
  }

  private take(cells: Cells): { column: Column; cells: Cells; codes: Int32Array | undefined } {
    const key = columnKey(cells.role, cells.name);
    let column = this.byKey.get(key);
    if (column === undefined) {
      column = new Column(cells.role, cells.name, cells.unit);
      this.byKey.set(key, column);
      this.shape++;
    }
    const before = column.kind;
    const codes = column.accept(cells);
    if (column.kind !== before) this.shape++;
    return { column, cells, codes };
  }

  private place(number: number, row: number): void {
    const i = Math.floor(number / CHUNK);
    let chunk = this.rowOf.get(i);
    if (chunk === undefined) this.rowOf.set(i, (chunk = new Int32Array(CHUNK).fill(-1)));
    chunk[number % CHUNK] = row;
  }

  // The last row takes the place of the one that goes.
  private remove(number: number): boolean {
    const row = this.row(number);
    if (row < 0) return false;
    const last = --this.length;
    this.place(number, -1);
    if (row !== last) this.place(this.number(last), row);
    for (const c of this.byKey.values()) {
      if (row !== last) c.move(last, row);
      c.clear(last);
    }
    return true;
  }
}

/** Which rows say that their task was deleted; nothing when none does. */
function deleted(rows: Rows): Uint8Array | undefined {
  const state = rows.columns.find((c) => c.role === 'task' && c.name === 'state');
  const code = state?.dict ? state.dict.indexOf('deleted') : -1;
  return code < 0 ? undefined : Uint8Array.from(state!.codes!, (c) => (c === code ? 1 : 0));
}
