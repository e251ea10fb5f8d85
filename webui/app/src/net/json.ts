// JSON in which numbers are what a person typed: an integer beyond 2^53 stays
// exact, and names such as __proto__ are names.

/** A text that is JSON already. */
export class Raw {
  constructor(readonly text: string) {}
}

/** A value as JSON; what is undefined in an object is left out. */
export function encode(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map((v) => encode(v ?? null)).join(',')}]`;
  if (value instanceof Map) return object([...value]);
  if (typeof value === 'object' && value !== null) return object(Object.entries(value));
  return JSON.stringify(value) ?? 'null';
}

function object(entries: [string, unknown][]): string {
  const parts = entries.filter(([, v]) => v !== undefined).map(([name, v]) => `${JSON.stringify(name)}:${encode(v)}`);
  return `{${parts.join(',')}}`;
}

/** What a person typed as a value: JSON if it is that, else a text. */
export function typed(text: string): Raw {
  const trimmed = text.trim();
  try {
    JSON.parse(trimmed);
    return new Raw(trimmed);
  } catch {
    return new Raw(JSON.stringify(text));
  }
}
