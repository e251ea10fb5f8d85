// What is sent when points are pushed, from what a person typed.

import { clip, plain } from '../data/format';
import type { Parameter } from '../net/api';
import { encode, Raw, typed } from '../net/json';
import type { Pair } from './Pairs.svelte';

/** What tasks are given beside their points, as it was typed; empty is what the search says. */
export interface Options {
  queue: string;
  worker: string;
  retries: string;
  /** In seconds. */
  timeout: string;
  /** Tasks: 3 7:9. */
  after: string;
  afterRows: string;
  extra: Pair[];
}

export const NO_OPTIONS: Options = { queue: '', worker: '', retries: '', timeout: '', after: '', afterRows: '', extra: [] };

/** Named values of pairs: numbers, true, lists are those, all else is text. A name may be any. */
export function named(pairs: Pair[]): Map<string, Raw> | undefined {
  const given = pairs.filter((p) => p.name !== '');
  return given.length === 0 ? undefined : new Map(given.map((p) => [p.name, typed(p.value)]));
}

/** Numbers of tasks, as in "3, 7:9"; throws with a sentence. */
export function numbers(text: string): number[] {
  return text.split(/[\s,]+/).filter(Boolean).flatMap((part) => {
    const m = /^(\d{1,15})(?::(\d{1,15}))?$/.exec(part);
    const [first, last] = [Number(m?.[1]), Number(m?.[2] ?? m?.[1])];
    if (!m || last < first || last - first > 100_000) throw new Error(`“${part}” is no task: expected numbers and ranges, as in 3 7:9`);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** The options as the body of a push has them; throws with a sentence about what is wrong. */
export function optionsBody(o: Options): Record<string, unknown> {
  const whole = (text: string, what: string) => {
    if (!/^\d{1,9}$/.test(text.trim())) throw new Error(`${what} is “${text}”: expected a whole number, 0 or more`);
    return Number(text);
  };
  const seconds = Number(o.timeout);
  if (o.timeout.trim() !== '' && !(seconds > 0 && seconds < 1e9)) throw new Error(`the time limit is “${o.timeout}”: expected seconds, more than 0`);
  const after = numbers(o.after);
  return {
    queue: o.queue.trim() || undefined,
    worker: o.worker || undefined,
    max_retries: o.retries.trim() === '' ? undefined : whole(o.retries, 'the number of retries'),
    timeout_us: o.timeout.trim() === '' ? undefined : Math.round(seconds * 1e6),
    after: after.length > 0 ? after : undefined,
    after_rows: o.afterRows.trim() || undefined,
    extra: named(o.extra),
  };
}

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A point as a line of JSON: the values in the order of the space, "" for none; integers as they were typed. */
export function pointLine(space: Parameter[], values: string[]): string {
  const point = new Map<string, unknown>();
  space.forEach((p, i) => {
    const text = (values[i] ?? '').trim();
    if (text === '') return;
    if (p.type === 'fct') point.set(p.name, p.levels?.find((l) => JSON.stringify(l) === text) ?? text);
    else if (/^(true|false)$/.test(text)) point.set(p.name, new Raw(text));
    else point.set(p.name, NUMBER.test(text) ? new Raw(jsonNumber(text)) : text);
  });
  return encode(point);
}

// .5 and 5. are numbers to a person, and not to JSON.
function jsonNumber(text: string): string {
  return text.replace(/^(-?)0+(?=\d)/, '$1').replace(/^(-?)\./, '$10.').replace(/\.(?=e|$)/i, '');
}

/** The format of a file that is sent as bytes, by its name; "" is a text. */
export function fileFormat(name: string): '' | 'parquet' | 'arrow' {
  if (/\.parquet$/i.test(name)) return 'parquet';
  return /\.(arrows?|feather)$/i.test(name) ? 'arrow' : '';
}

/** Says which columns are not pushed: "; left out: state, attempt". */
export function leftOut(names: string[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, 20).map((name) => clip(plain(name), 60));
  return `; left out: ${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}

/** Bytes as base64. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
