// The filter's language, evaluated in the page: what the server's expressions
// are, as far as a filter needs them. A comparison with a missing value is
// unknown, and unknown rows are not shown.

import type { Column } from './column';
import { clip } from './format';
import { kindOf, wrongAfter, wrongBetween, wrongWhole, type Kind } from './kinds';
import { nearest } from './nearest';
import type { TaskStore } from './store';
import { ExpressionError, tokens, WORDS, type Token } from './tokens';

export { ExpressionError };

/** What an expression is in a row. Undefined is unknown. */
type Value = number | bigint | string | boolean | null | undefined | Value[];
type Eval = (row: number) => Value;

/** A part of an expression: what it is in a row, and what it is in all of them. */
interface Part {
  run: Eval;
  kind: Kind;
  /** Those of a list. */
  items?: Kind[];
  /** What a text in quotes is. */
  text?: string;
}

/**
 * Compiles a filter over a store's columns; an empty one is null, which lets
 * everything through. Throws an ExpressionError.
 */
export function compile(source: string, store: TaskStore): ((row: number) => boolean) | null {
  if (source.trim() === '') return null;
  const labels = new Map(store.columns().map((c) => [store.label(c), c]));
  const run = new Parser(tokens(source, labels.keys()), labels).whole();
  return (row) => run(row) === true;
}

class Parser {
  private i = 0;

  constructor(
    private readonly all: Token[],
    private readonly labels: Map<string, Column>,
  ) {}

  whole(): Eval {
    const { run, kind } = this.or();
    if (this.peek().kind !== 'end') this.fail('“and”, “or” or the end');
    this.refuse(wrongWhole(kind), this.all[0].at);
    return run;
  }

  private peek(): Token {
    return this.all[this.i];
  }

  private take(...texts: string[]): string | null {
    const t = this.peek();
    const isWord = t.kind === 'name' && !this.labels.has(t.text);
    if ((t.kind !== 'op' && !isWord) || !texts.includes(t.text)) return null;
    this.i++;
    return t.text;
  }

  private need(text: string): void {
    if (!this.take(text)) this.fail(`“${text}”`);
  }

  private fail(expected: string): never {
    const t = this.peek();
    throw new ExpressionError(`expected ${expected}, found ${t.kind === 'end' ? 'the end' : `“${t.text}”`}`, t.at);
  }

  private refuse(problem: string, at: number): void {
    if (problem) throw new ExpressionError(problem, at);
  }

  private or(): Part {
    return this.joined(['or', '||'], () => this.and(), true);
  }

  private and(): Part {
    return this.joined(['and', '&&'], () => this.not(), false);
  }

  // Parts between which one that is so settles it.
  private joined(ops: string[], next: () => Part, settles: boolean): Part {
    let left = next();
    for (let op; ; ) {
      const { at } = this.peek();
      if (!(op = this.take(...ops))) return left;
      const [a, b] = [left, next()];
      this.refuse(wrongBetween(op, a.kind, b.kind), at);
      const run = (r: number) => {
        const x = a.run(r);
        if (x === settles) return x;
        const y = b.run(r);
        return y === settles ? y : x === undefined || y === undefined ? undefined : !settles;
      };
      left = { run, kind: 'condition' };
    }
  }

  private not(): Part {
    const { at } = this.peek();
    const op = this.take('not', '!');
    if (!op) return this.comparison();
    const a = this.not();
    this.refuse(wrongAfter(op, a.kind), at);
    const run = (r: number) => {
      const x = a.run(r);
      return typeof x === 'boolean' ? !x : undefined;
    };
    return { run, kind: 'condition' };
  }

  private comparison(): Part {
    const left = this.sum();
    const negated = this.peek().text === 'not' && this.all[this.i + 1]?.text === 'in' && this.take('not') !== null;
    const { at } = this.peek();
    const op = this.take('==', '!=', '<=', '>=', '<', '>', 'in', 'contains', 'startsWith', 'endsWith', 'matches');
    if (!op) return left;
    const right = this.sum();
    this.refuse(wrongBetween(op, left.kind, right.kind, right.items), at);
    if (op === 'matches' && right.text !== undefined) this.refuse(wrongPattern(right.text), at);
    const test = compare(op);
    const run = (r: number) => {
      const x = left.run(r);
      const y = right.run(r);
      if (x === null && y === null && op === '==') return true;
      if (x === undefined || y === undefined || (y === null && op !== '==' && op !== '!=')) return undefined;
      if (y === null) return op === '==' ? x === null : x !== null;
      if (x === null) return left.kind === 'nil' ? op === '!=' : undefined;
      const is = test(x, y);
      return negated && is !== undefined ? !is : is;
    };
    return { run, kind: 'condition' };
  }

  private sum(): Part {
    return this.reckoned(['+', '-'], () => this.product());
  }

  private product(): Part {
    return this.reckoned(['*', '/', '%'], () => this.power());
  }

  private reckoned(ops: string[], next: () => Part): Part {
    let left = next();
    for (let op; ; ) {
      const { at } = this.peek();
      if (!(op = this.take(...ops))) return left;
      left = this.arithmetic(op, at, left, next());
    }
  }

  private power(): Part {
    const base = this.unary();
    const { at } = this.peek();
    return this.take('^', '**') ? this.arithmetic('^', at, base, this.power()) : base;
  }

  private arithmetic(op: string, at: number, a: Part, b: Part): Part {
    this.refuse(wrongBetween(op, a.kind, b.kind), at);
    return { run: arithmetic(op, a.run, b.run), kind: kindOf(op, a.kind, b.kind) };
  }

  private unary(): Part {
    const { at } = this.peek();
    if (!this.take('-')) return this.atom();
    const a = this.unary();
    this.refuse(wrongAfter('-', a.kind), at);
    const run = (r: number) => {
      const v = a.run(r);
      return typeof v === 'number' || typeof v === 'bigint' ? -v : undefined;
    };
    return { run, kind: a.kind };
  }

  private atom(): Part {
    const t = this.peek();
    if (this.take('(')) {
      const inner = this.or();
      this.need(')');
      return { run: inner.run, kind: inner.kind };
    }
    if (this.take('[')) return this.list();
    if (this.take('$')) return this.quotedName();
    this.i++;
    if (t.kind === 'text') return { run: () => t.text, kind: 'text', text: t.text };
    if (t.kind === 'number') return constant(t.text);
    const column = t.kind === 'name' ? this.labels.get(t.text) : undefined;
    if (column) return reader(column);
    if (t.kind === 'name' && Object.hasOwn(CONSTANTS, t.text)) return CONSTANTS[t.text];
    this.i--;
    if (t.kind === 'name') this.unknown(t);
    return this.fail('a column, a number, or a text in quotes');
  }

  private unknown(t: Token): never {
    const near = nearest(t.text, this.labels.keys());
    const hint = near === undefined ? `a text is written in quotes, as in "${clip(t.text, 20)}"` : `did you mean ${nameIn(near)}?`;
    throw new ExpressionError(`there is no column “${clip(t.text, 60)}”; ${hint}`, t.at);
  }

  private list(): Part {
    const parts: Part[] = [];
    while (!this.take(']')) {
      if (parts.length > 0) this.need(',');
      parts.push(this.sum());
    }
    return { run: (r) => parts.map((p) => p.run(r)), kind: 'list', items: parts.map((p) => p.kind) };
  }

  // $env["NAME"] is any column, whatever characters its name has.
  private quotedName(): Part {
    if (this.peek().text !== 'env') this.fail('“env”');
    this.i++;
    this.need('[');
    const t = this.peek();
    const column = t.kind === 'text' ? this.labels.get(t.text) : undefined;
    if (!column) this.unknown(t);
    this.i++;
    this.need(']');
    return reader(column);
  }
}

const CONSTANTS: Record<string, Part> = {
  true: { run: () => true, kind: 'condition' },
  false: { run: () => false, kind: 'condition' },
  nil: { run: () => null, kind: 'nil' },
};

function constant(text: string): Part {
  const isInteger = /^\d+$/.test(text);
  const value = isInteger && !Number.isSafeInteger(Number(text)) ? BigInt(text) : Number(text);
  return { run: () => value, kind: isInteger ? 'integer' : 'number' };
}

const KINDS: Record<Column['kind'], Kind> = { null: 'any', bool: 'condition', int: 'integer', float: 'number', time: 'text', big: 'integer', text: 'text' };

// Missing values are null here: a comparison makes them unknown. Times are
// texts, as the server has them.
function reader(column: Column): Part {
  const kind = KINDS[column.kind];
  if (column.kind === 'time') return { run: (row) => (Number.isNaN(column.number(row)) ? null : moment(column.number(row))), kind };
  return { run: (row) => column.value(row), kind };
}

function compare(op: string): (a: NonNullable<Value>, b: NonNullable<Value>) => boolean | undefined {
  if (op === 'in') return (a, b) => (Array.isArray(b) ? b.some((v) => v == a) : undefined);
  if (op === 'contains' || op === 'startsWith' || op === 'endsWith') {
    const method = { contains: 'includes', startsWith: 'startsWith', endsWith: 'endsWith' }[op] as 'includes';
    return (a, b) => (typeof a === 'string' && typeof b === 'string' ? a[method](b) : undefined);
  }
  if (op === 'matches') return matcher();
  return (a, b) => {
    if (typeof a !== typeof b && !(isNumber(a) && isNumber(b))) return op === '==' ? false : op === '!=' ? true : undefined;
    switch (op) {
      case '==':
        return a == b;
      case '!=':
        return a != b;
      case '<':
        return a < b;
      case '<=':
        return a <= b;
      case '>':
        return a > b;
    }
    return a >= b;
  };
}

function isNumber(v: unknown): boolean {
  return typeof v === 'number' || typeof v === 'bigint';
}

// A pattern that is none, in a column of them, is met by nothing.
function matcher(): (a: unknown, b: unknown) => boolean | undefined {
  const made = new Map<string, RegExp | null>();
  return (a, b) => {
    if (typeof a !== 'string' || typeof b !== 'string') return undefined;
    let expression = made.get(b);
    if (expression === undefined) made.set(b, (expression = pattern(b)));
    return expression?.test(a);
  };
}

// The server knows no looking around, and no references back.
function pattern(text: string): RegExp | null {
  try {
    return /\(\?<?[=!]|\\[1-9]/.test(text) ? null : new RegExp(text, 'u');
  } catch {
    return null;
  }
}

function wrongPattern(text: string): string {
  return pattern(text) ? '' : `“${clip(text, 60)}” is not a regular expression that the server knows`;
}

function arithmetic(op: string, left: Eval, right: Eval): Eval {
  return (r) => {
    const a = left(r);
    const b = right(r);
    if (op === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
    if (!isNumber(a) || !isNumber(b)) return undefined;
    const [x, y] = [Number(a), Number(b)];
    switch (op) {
      case '+':
        return x + y;
      case '-':
        return x - y;
      case '*':
        return x * y;
      case '/':
        return x / y;
      case '%':
        return x % y;
    }
    return x ** y;
  };
}

/** A column's name as expressions write it. */
export function nameIn(label: string): string {
  const plain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(label) && !WORDS.includes(label) && !Object.hasOwn(CONSTANTS, label);
  return plain ? label : `$env[${JSON.stringify(label)}]`;
}

/** A time in microseconds as expressions have it: 2026-01-31T12:00:00.000000Z. */
export function moment(us: number): string {
  const ms = Math.floor(us / 1000);
  const rest = String(us - ms * 1000).padStart(3, '0');
  return new Date(ms).toISOString().replace('Z', `${rest}Z`);
}
