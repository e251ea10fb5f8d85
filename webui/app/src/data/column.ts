// A column of a table that grows and changes while it is looked at. Its cells
// lie in chunks of typed arrays, so that growth copies nothing.

/** Cells in a chunk, and the shift and mask that find a row's chunk and place. */
export const CHUNK = 16384;
export const SHIFT = 14;
export const MASK = CHUNK - 1;

/**
 * What a column holds. Times are microseconds since 1970; "big" are integers
 * of which some lie beyond 2^53; "text" is also what lists, maps and values of
 * several kinds become, as JSON. "null" has no value yet.
 */
export type Kind = 'null' | 'bool' | 'int' | 'float' | 'time' | 'big' | 'text';

/** The group of a task's values that a column belongs to, and "task" for what every task has. */
export type Role = 'task' | 'xs' | 'ys' | 'xs_extra' | 'ys_extra';

/**
 * Cells of some rows on their way from the decoder to a store. Numbers of all
 * kinds but "big" are floats with NaN for none; texts are codes into dict with
 * -1 for none.
 */
export interface Cells {
  role: Role;
  name: string;
  unit: string;
  kind: Kind;
  length: number;
  /** For numbers. */
  numbers?: Float64Array;
  /** Rows whose number is NaN itself, not none. */
  nans?: Set<number>;
  /** For "big", with its missing rows in missing. */
  bigs?: BigInt64Array;
  missing?: Uint8Array;
  /** For "text". */
  codes?: Int32Array;
  dict?: string[];
}

type Chunk = Float64Array | BigInt64Array | Int32Array;
const NOTHING = new Int32Array(0);

/** The kind that holds values of both. */
export function widen(a: Kind, b: Kind): Kind {
  if (a === b || b === 'null') return a;
  if (a === 'null') return b;
  const pair = new Set([a, b]);
  if (pair.has('int') && pair.has('float')) return 'float';
  if (pair.has('int') && pair.has('big')) return 'big';
  return 'text';
}

/** Says what cells of a kind are kept in. */
function holder(kind: Kind): 'number' | 'big' | 'text' | 'none' {
  if (kind === 'null') return 'none';
  if (kind === 'text') return 'text';
  return kind === 'big' ? 'big' : 'number';
}

// The integer that stands for "none" in a column of big integers; a row that
// really has it is kept apart.
const NONE = -(2n ** 63n);

export class Column {
  readonly key: string;
  kind: Kind = 'null';
  /** The distinct texts of a text column, in the order in which they came. */
  dict: string[] = [];
  private codes = new Map<string, number>();
  private chunks: Chunk[] = [];
  private nans = new Set<number>();

  constructor(
    readonly role: Role,
    readonly name: string,
    readonly unit: string,
  ) {
    this.key = columnKey(role, name);
  }

  /** Whether its cells are numbers: then number(row) has them. */
  get numeric(): boolean {
    return holder(this.kind) === 'number' || this.kind === 'big';
  }

  /** The number in a row; NaN for none. Big integers are rounded. */
  number(row: number): number {
    const c = this.chunks[row >>> SHIFT];
    if (c === undefined) return NaN;
    const v = c[row & MASK];
    if (this.kind === 'big') return v === NONE ? NaN : Number(v);
    return this.kind === 'text' ? NaN : (v as number);
  }

  /** The code of the text in a row; -1 for none. */
  code(row: number): number {
    const c = this.chunks[row >>> SHIFT];
    return c === undefined || this.kind !== 'text' ? -1 : (c[row & MASK] as number);
  }

  /** The code of a text, or -1 when no row ever had it. */
  codeOf(text: string): number {
    return this.codes.get(text) ?? -1;
  }

  /** A big integer, exactly. */
  big(row: number): bigint | null {
    const c = this.chunks[row >>> SHIFT];
    if (c === undefined || this.kind !== 'big') return null;
    const v = c[row & MASK] as bigint;
    return v === NONE ? null : v;
  }

  /** A chunk of a column of numbers that is not "big", for loops over all rows. */
  numbers(chunk: number): Float64Array | undefined {
    return holder(this.kind) === 'number' ? (this.chunks[chunk] as Float64Array | undefined) : undefined;
  }

  /** A row's value: null, a number, a text, a bigint; a bool as true or false. */
  value(row: number): null | number | bigint | string | boolean {
    switch (holder(this.kind)) {
      case 'none':
        return null;
      case 'text': {
        const code = this.code(row);
        return code < 0 ? null : this.dict[code];
      }
      case 'big':
        return this.big(row);
    }
    const v = this.number(row);
    if (Number.isNaN(v)) return this.nans.has(row) ? NaN : null;
    return this.kind === 'bool' ? v !== 0 : v;
  }

  /** Whether the row has no value. NaN is a value. */
  missing(row: number): boolean {
    return this.value(row) === null;
  }

  /**
   * Writes cells into rows: cell i into rows[i], or nowhere when that is
   * negative. codes is what accept returned for the cells. The cells are the
   * column's from then on.
   */
  put(rows: Int32Array, cells: Cells, codes: Int32Array | undefined): void {
    switch (holder(this.kind)) {
      case 'none':
        return;
      case 'text':
        if (codes) return this.putCodes(rows, cells.codes!, codes);
        return this.each(rows, (chunk, at, i) => ((chunk as Int32Array)[at] = this.intern(cellText(cells, i))));
      case 'big':
        return this.each(rows, (chunk, at, i) => ((chunk as BigInt64Array)[at] = cellBig(cells, i)));
    }
    this.putNumbers(rows, cells);
  }

  private putNumbers(rows: Int32Array, cells: Cells): void {
    const from = cells.numbers;
    for (let i = 0; i < rows.length; ) {
      if (rows[i] < 0) {
        i++;
        continue;
      }
      const row = rows[i];
      let n = 1;
      while (i + n < rows.length && rows[i + n] === row + n && (row & MASK) + n < CHUNK) n++;
      if (n === 1) (this.chunk(row >>> SHIFT) as Float64Array)[row & MASK] = from ? from[i] : NaN;
      else if (n === CHUNK && from && this.chunks[row >>> SHIFT] === undefined) {
        // A whole chunk is taken over as it is.
        this.chunks[row >>> SHIFT] = from.subarray(i, i + n);
      } else if (from) (this.chunk(row >>> SHIFT) as Float64Array).set(from.subarray(i, i + n), row & MASK);
      else (this.chunk(row >>> SHIFT) as Float64Array).fill(NaN, row & MASK, (row & MASK) + n);
      i += n;
    }
    if (this.nans.size > 0) for (const row of rows) this.nans.delete(row);
    if (cells.nans) for (const i of cells.nans) if (rows[i] >= 0) this.nans.add(rows[i]);
  }

  private putCodes(rows: Int32Array, from: Int32Array, codes: Int32Array): void {
    let of = -1;
    let chunk: Chunk = NOTHING;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (row < 0) continue;
      if (row >>> SHIFT !== of) chunk = this.chunk((of = row >>> SHIFT));
      chunk[row & MASK] = from[i] < 0 ? -1 : codes[from[i]];
    }
  }

  private each(rows: Int32Array, write: (chunk: Chunk, at: number, i: number) => void): void {
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] >= 0) write(this.chunk(rows[i] >>> SHIFT), rows[i] & MASK, i);
    }
  }

  /** Makes the column able to hold a kind, and returns what the codes of cells are here. */
  accept(cells: Cells): Int32Array | undefined {
    this.become(widen(this.kind, cells.kind));
    if (this.kind !== 'text' || cells.kind !== 'text') return undefined;
    return Int32Array.from(cells.dict!, (text) => this.intern(text));
  }

  /** Empties a row's cell. */
  clear(row: number): void {
    const c = this.chunks[row >>> SHIFT];
    if (c === undefined) return;
    if (c instanceof BigInt64Array) c[row & MASK] = NONE;
    else c[row & MASK] = c instanceof Int32Array ? -1 : NaN;
    this.nans.delete(row);
  }

  /** Copies the cell of one row to another. */
  move(from: number, to: number): void {
    const source = this.chunks[from >>> SHIFT];
    if (source === undefined) return this.clear(to);
    (this.chunk(to >>> SHIFT) as Float64Array)[to & MASK] = (source as Float64Array)[from & MASK];
    if (this.nans.delete(from)) this.nans.add(to);
    else this.nans.delete(to);
  }

  private intern(text: string | null): number {
    if (text === null) return -1;
    let code = this.codes.get(text);
    if (code === undefined) {
      code = this.dict.length;
      this.dict.push(text);
      this.codes.set(text, code);
    }
    return code;
  }

  private chunk(i: number): Chunk {
    let c = this.chunks[i];
    if (c === undefined) this.chunks[i] = c = empty(this.kind);
    return c;
  }

  private become(kind: Kind): void {
    if (kind === this.kind) return;
    const from = holder(this.kind);
    const to = holder(kind);
    if (from === to || from === 'none') {
      this.kind = kind;
      return;
    }
    const old = this.chunks.map((c, i) => (c ? Array.from({ length: CHUNK }, (_, at) => this.value((i << SHIFT) | at)) : undefined));
    this.kind = kind;
    this.nans.clear();
    this.chunks = [];
    old.forEach((values, i) => {
      if (values === undefined) return;
      const chunk = this.chunk(i);
      values.forEach((v, at) => {
        if (to === 'big') (chunk as BigInt64Array)[at] = v === null ? NONE : BigInt(v as number);
        else (chunk as Int32Array)[at] = this.intern(v === null ? null : String(v));
      });
    });
  }
}

/** What tells a column from all others. */
export function columnKey(role: Role, name: string): string {
  return `${role}:${name}`;
}

function empty(kind: Kind): Chunk {
  switch (holder(kind)) {
    case 'text':
      return new Int32Array(CHUNK).fill(-1);
    case 'big':
      return new BigInt64Array(CHUNK).fill(NONE);
  }
  return new Float64Array(CHUNK).fill(NaN);
}

function cellText(cells: Cells, i: number): string | null {
  if (cells.bigs) return cells.missing?.[i] ? null : String(cells.bigs[i]);
  if (!cells.numbers) return cells.codes && cells.codes[i] >= 0 ? cells.dict![cells.codes[i]] : null;
  const v = cells.numbers[i];
  if (Number.isNaN(v)) return cells.nans?.has(i) ? 'NaN' : null;
  return cells.kind === 'bool' ? String(v !== 0) : String(v);
}

function cellBig(cells: Cells, i: number): bigint {
  if (cells.bigs) return cells.missing?.[i] ? NONE : cells.bigs[i];
  const v = cells.numbers ? cells.numbers[i] : NaN;
  return Number.isNaN(v) ? NONE : BigInt(v);
}
