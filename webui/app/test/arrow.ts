// Arrow streams as the server writes them.

import { bool, columnFromValues, float64, int64, nullType, Table, tableToIPC, timestamp, TimeUnit, utf8, type Column, type DataType } from '@uwdata/flechette';

interface Field {
  name: string;
  type: DataType;
  role?: string;
  as?: string;
  values: unknown[];
}

export const types = { int: int64(), float: float64(), text: utf8(), bool: bool(), none: nullType(), time: timestamp(TimeUnit.MICROSECOND, 'UTC') };

/** Encodes columns as one IPC stream with one batch. */
export function stream(fields: Field[]): Uint8Array {
  const columns = fields.map((f) => columnFromValues(f.values as never, f.type) as Column<unknown>);
  const schema = {
    version: 4,
    endianness: 0,
    fields: fields.map((f) => ({
      name: f.as ?? f.name,
      type: f.type,
      nullable: true,
      metadata: new Map([
        ['rush.role', f.role ?? 'task'],
        ['rush.name', f.name],
      ]),
    })),
    metadata: null,
    dictionaryTypes: new Map(),
  };
  return tableToIPC(new Table(schema as never, columns), { format: 'stream' })!;
}

/** Rows of a small search: number, state, x, y. */
export function rows(numbers: number[], state: string | string[], y: (number | null)[]): Uint8Array {
  return stream([
    { name: 'number', type: types.int, values: numbers.map(BigInt) },
    { name: 'state', type: types.text, values: numbers.map((_, i) => (typeof state === 'string' ? state : state[i])) },
    { name: 'x', type: types.float, role: 'xs', values: numbers.map((n) => n / 10) },
    { name: 'y', type: types.float, role: 'ys', values: y },
  ]);
}
