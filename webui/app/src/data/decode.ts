// From an Arrow IPC stream to cells. It runs in a Web Worker: nothing here
// touches the page.

import { tableFromIPC, type Column as ArrowColumn } from '@uwdata/flechette';
import type { Cells, Kind, Role } from './column';
import { byNumber } from './reorder';
import type { Rows } from './store';

// The ids of the Arrow types that tables have.
const INT = 2;
const FLOAT = 3;
const BINARY = 4;
const UTF8 = 5;
const BOOL = 6;
const TIMESTAMP = 10;
const LARGE_UTF8 = 20;

const EXACT = 2n ** 53n;

interface Batch {
  length: number;
  nullCount: number;
  validity?: Uint8Array;
  values?: ArrayLike<number | bigint> & { subarray?: unknown };
  offsets?: Int32Array | BigInt64Array;
  at(i: number): unknown;
}

/** Decodes a stream: each record batch becomes one piece of rows, by number. */
export function decode(bytes: Uint8Array): Rows[] {
  // Views of 8-byte numbers have to begin at a multiple of 8.
  const table = tableFromIPC(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice(), { useBigInt: true, useBigIntTimestamp: true });
  const batches = table.numCols === 0 ? 0 : (table.getChildAt(0) as ArrowColumn<unknown>).data.length;
  const pieces: Rows[] = [];
  for (let b = 0; b < batches; b++) {
    let length = 0;
    const columns = table.schema.fields.map((field, i) => {
      const batch = (table.getChildAt(i) as ArrowColumn<unknown>).data[b] as unknown as Batch;
      length = batch.length;
      const meta = field.metadata;
      return cellsOf(batch, field.type as TypeOf, {
        role: (meta?.get('rush.role') as Role | undefined) ?? 'task',
        name: meta?.get('rush.name') ?? field.name,
        unit: meta?.get('rush.unit') ?? '',
      });
    });
    pieces.push(byNumber({ length, columns }));
  }
  return pieces;
}

/** The buffers of decoded rows, which can be handed over to the page without a copy. */
export function buffersOf(pieces: Rows[]): ArrayBuffer[] {
  return pieces.flatMap((rows) =>
    rows.columns.flatMap((c) => [c.numbers, c.bigs, c.missing, c.codes].filter((a) => a !== undefined).map((a) => a.buffer as ArrayBuffer)),
  );
}

interface TypeOf {
  typeId: number;
  unit?: number;
}

type Head = Pick<Cells, 'role' | 'name' | 'unit'>;

function cellsOf(batch: Batch, type: TypeOf, head: Head): Cells {
  switch (type.typeId) {
    case 0:
    case 1:
      return { ...head, kind: 'null', length: batch.length };
    case INT:
    case FLOAT:
    case BOOL:
      return numbersOf(batch, type, head);
    case TIMESTAMP:
      return timesOf(batch, type, head);
    case UTF8:
    case LARGE_UTF8:
      return textsOf(batch, head);
    case BINARY:
      return interned(batch, head, (v) => base64(v as Uint8Array));
  }
  return interned(batch, head, json);
}

function valid(batch: Batch, i: number): boolean {
  return batch.nullCount === 0 || !batch.validity || (batch.validity[i >> 3] & (1 << (i & 7))) !== 0;
}

function numbersOf(batch: Batch, type: TypeOf, head: Head): Cells {
  const n = batch.length;
  const numbers = new Float64Array(n);
  const kind: Kind = type.typeId === FLOAT ? 'float' : type.typeId === BOOL ? 'bool' : 'int';
  if (batch.values instanceof BigInt64Array || batch.values instanceof BigUint64Array) {
    const bigs = batch.values;
    for (let i = 0; i < n; i++) {
      if (bigs[i] >= EXACT || bigs[i] <= -EXACT) return bigsOf(batch, head);
      numbers[i] = Number(bigs[i]);
    }
  } else if (batch.values instanceof Float64Array) {
    numbers.set(batch.values.subarray(0, n));
  } else {
    for (let i = 0; i < n; i++) numbers[i] = Number(batch.at(i));
  }
  const cells: Cells = { ...head, kind, length: n, numbers };
  blank(batch, cells);
  return cells;
}

/** Makes missing cells NaN, and notes which were NaN before that. */
function blank(batch: Batch, cells: Cells): void {
  const numbers = cells.numbers!;
  for (let i = 0; i < numbers.length; i++) {
    if (!valid(batch, i)) numbers[i] = NaN;
    else if (numbers[i] !== numbers[i]) (cells.nans ??= new Set()).add(i);
  }
}

function bigsOf(batch: Batch, head: Head): Cells {
  const n = batch.length;
  const bigs = new BigInt64Array(n);
  const missing = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    if (valid(batch, i)) bigs[i] = batch.values![i] as bigint;
    else missing[i] = 1;
  }
  return { ...head, kind: 'big', length: n, bigs, missing };
}

// Seconds, milliseconds, microseconds, nanoseconds: how many microseconds.
const MICROS = [1e6, 1e3, 1, 1e-3];

function timesOf(batch: Batch, type: TypeOf, head: Head): Cells {
  const n = batch.length;
  const numbers = new Float64Array(n);
  const scale = MICROS[type.unit ?? 2];
  for (let i = 0; i < n; i++) numbers[i] = Number(batch.values![i]) * scale;
  const cells: Cells = { ...head, kind: 'time', length: n, numbers };
  blank(batch, cells);
  return cells;
}

// Texts repeat themselves (states, workers, messages): each distinct one is
// decoded once. They are told apart by a hash of their bytes, and then by the
// bytes.
function textsOf(batch: Batch, head: Head): Cells {
  const n = batch.length;
  const bytes = batch.values as unknown as Uint8Array;
  const offsets = batch.offsets!;
  const codes = new Int32Array(n).fill(-1);
  const dict: string[] = [];
  const spans: [number, number][] = [];
  const byHash = new Map<number, number[]>();
  const decoder = new TextDecoder();
  for (let i = 0; i < n; i++) {
    if (!valid(batch, i)) continue;
    const from = Number(offsets[i]);
    const to = Number(offsets[i + 1]);
    const hash = fnv(bytes, from, to);
    let same = byHash.get(hash);
    if (same === undefined) byHash.set(hash, (same = []));
    let code = same.find((c) => equal(bytes, spans[c], from, to)) ?? -1;
    if (code < 0) {
      code = dict.length;
      dict.push(decoder.decode(bytes.subarray(from, to)));
      spans.push([from, to]);
      same.push(code);
    }
    codes[i] = code;
  }
  return { ...head, kind: 'text', length: n, codes, dict };
}

function fnv(bytes: Uint8Array, from: number, to: number): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i++) h = Math.imul(h ^ bytes[i], 0x01000193);
  return h;
}

function equal(bytes: Uint8Array, [start, end]: [number, number], from: number, to: number): boolean {
  if (end - start !== to - from) return false;
  for (let i = 0; i < end - start; i++) if (bytes[start + i] !== bytes[from + i]) return false;
  return true;
}

function interned(batch: Batch, head: Head, text: (v: unknown) => string): Cells {
  const codes = new Int32Array(batch.length).fill(-1);
  const dict: string[] = [];
  const seen = new Map<string, number>();
  for (let i = 0; i < batch.length; i++) {
    const v = batch.at(i);
    if (v === null || v === undefined) continue;
    const t = text(v);
    let code = seen.get(t);
    if (code === undefined) {
      seen.set(t, (code = dict.length));
      dict.push(t);
    }
    codes[i] = code;
  }
  return { ...head, kind: 'text', length: batch.length, codes, dict };
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) text += String.fromCharCode(b);
  return btoa(text);
}

/** Lists and maps as JSON; integers stay exact, NaN and the infinities are words. */
export function json(v: unknown): string {
  if (v === null || v === undefined) return 'null';
  if (typeof v === 'bigint' || typeof v === 'boolean') return String(v);
  if (typeof v === 'number') return String(v);
  if (typeof v === 'string') return JSON.stringify(v);
  if (v instanceof Date) return JSON.stringify(v.toISOString());
  if (v instanceof Uint8Array) return JSON.stringify(base64(v));
  if (Array.isArray(v) || ArrayBuffer.isView(v)) return `[${Array.from(v as Iterable<unknown>, json).join(',')}]`;
  const parts = Object.entries(v).filter(([, value]) => value !== null && value !== undefined);
  return `{${parts.map(([k, value]) => `${JSON.stringify(k)}:${json(value)}`).join(',')}}`;
}
