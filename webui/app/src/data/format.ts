// Numbers, times and durations as people read them.

const MINUS = '−';

/** A count: 12,345. (Intl.NumberFormat takes ten milliseconds to begin.) */
export function count(n: number): string {
  return String(n).replace(/(?<!\.\d*)\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A number with some significant digits, the same width for the same size. */
export function number(v: number, digits = 6): string {
  if (Number.isNaN(v)) return 'NaN';
  if (!Number.isFinite(v)) return v > 0 ? '∞' : `${MINUS}∞`;
  const size = Math.abs(v);
  if (v === 0) return '0';
  let text: string;
  if (Number.isInteger(v) && size < 1e15) text = String(v);
  else if (size >= 1e6 || size < 1e-3) text = v.toExponential(Math.max(0, digits - 2)).replace(/\.?0+e/, 'e').replace('e+', 'e');
  else text = String(Number(v.toPrecision(digits)));
  return text.replaceAll('-', MINUS);
}

/** A number as short as an axis wants it: 0.5, 12,000. */
export function tick(v: number): string {
  const short = Number(v.toPrecision(12));
  const size = Math.abs(short);
  return Number.isInteger(short) && size >= 1e4 && size < 1e6 ? count(short).replace('-', MINUS) : number(short, 6);
}

const pad = (n: number, width = 2) => String(n).padStart(width, '0');

/** A time in microseconds since 1970, in the reader's own zone. */
export function time(us: number): string {
  if (!us) return '–';
  const d = new Date(us / 1000);
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())} ${clock(us)}`;
}

/** The clock of a time in microseconds: 14:03:07.120. */
export function clock(us: number, millis = true): string {
  const d = new Date(us / 1000);
  const base = `${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`;
  return millis ? `${base}.${pad(d.getMilliseconds(), 3)}` : base;
}

/** A length of time in seconds: 12 ms, 3.4 s, 5 min 20 s, 2 h 3 min, 4 d 1 h. */
export function duration(s: number): string {
  if (!Number.isFinite(s)) return '–';
  if (s <= 0) return '0 s';
  if (s < 1e-3) return `${Math.round(s * 1e6)} µs`;
  if (s < 1) return `${Number((s * 1e3).toPrecision(3))} ms`;
  if (s < 60) return `${s < 10 ? Number(s.toFixed(1)) : Math.floor(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${s % 60 >= 1 ? ` ${Math.floor(s % 60)} s` : ''}`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** A length of time that is a guess: two parts of it would promise too much. */
export function roughly(s: number): string {
  if (!Number.isFinite(s) || s < 60) return duration(Number(s.toPrecision(2)));
  if (s < 5400) return `${Math.round(s / 60)} min`;
  if (s < 36 * 3600) return `${Number((s / 3600).toPrecision(2))} h`;
  return `${Number((s / 86400).toPrecision(2))} d`;
}

/** A share of 1 in percent: 0.3 %, 12.4 %, 100 %. */
export function percent(share: number): string {
  const p = 100 * share;
  return `${p > 99.9 && p < 100 ? '> 99.9' : p > 0 && p < 0.1 ? '< 0.1' : number(Number(p.toFixed(1)), 4)} %`;
}

/** Tasks in a second, or in a minute or an hour when they are few. */
export function rate(perSecond: number): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return '–';
  if (perSecond >= 1) return `${perSecond < 1000 ? number(perSecond, 3) : count(Number(perSecond.toPrecision(3)))}/s`;
  if (perSecond >= 1 / 60) return `${number(perSecond * 60, 3)}/min`;
  return `${number(perSecond * 3600, 3)}/h`;
}

/** Any value of a column as a cell shows it. */
export function value(v: unknown, kind?: string): string {
  if (v === null || v === undefined) return '';
  if (typeof v === 'number') return kind === 'time' ? time(v) : number(v);
  if (typeof v === 'object' && !(v instanceof Date)) return JSON.stringify(v);
  return String(v);
}

/** A text without what a terminal would obey, and with its other control characters visible. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g, '').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, (c) =>
    c === '\r' ? '' : String.fromCodePoint(0x2400 + (c === '\x7f' ? 0x21 : c.charCodeAt(0))),
  );
}

/** The beginning of a text, with a sign that there is more. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
