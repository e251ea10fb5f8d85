// The filter's language, evaluated in the page: what the server's expressions
// are, as far as a filter needs them. A comparison with a missing value is
// unknown, and unknown rows are not shown.

import type { Column } from './column';
import { clip } from './format';
import type { TaskStore } from './store';

/** What an expression is in a row. Undefined is unknown. */
type Value = number | bigint | string | boolean | null | undefined | Value[];
type Eval = (row: number) => Value;

/** Says where an expression is wrong, and what was expected there. */
export class ExpressionError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

interface Token {
  kind: 'number' | 'text' | 'name' | 'op' | 'end';
  text: string;
  at: number;
}

const OPERATORS = ['==', '!=', '<=', '>=', '&&', '||', '**', '<', '>', '(', ')', '[', ']', ',', '+', '-', '*', '/', '%', '^', '!', '.', '$'];
const WORDS = ['and', 'or', 'not', 'in', 'contains', 'startsWith', 'endsWith', 'matches'];

/**
 * Compiles a filter over a store's columns; an empty one is null, which lets
 * everything through. Throws an ExpressionError.
 */
export function compile(source: string, store: TaskStore): ((row: number) => boolean) | null {
  if (source.trim() === '') return null;
  const labels = new Map(store.columns().map((c) => [store.label(c), c]));
  const run = new Parser(tokens(source, labels), labels).whole();
  return (row) => run(row) === true;
}

function tokens(source: string, labels: Map<string, Column>): Token[] {
  const names = [...labels.keys()].filter((n) => /^[\p{L}_]/u.test(n)).sort((a, b) => b.length - a.length);
  const out: Token[] = [];
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at);
    let m: RegExpMatchArray | null;
    if ((m = /^\s+/.exec(rest))) {
      at += m[0].length;
      continue;
    }
    let token: Token;
    let size: number;
    const name = names.find((n) => rest.startsWith(n) && !/^[\p{L}\p{N}_]/u.test(rest.slice(n.length)));
    if ((m = /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(rest))) token = { kind: 'number', text: m[0], at };
    else if ((m = /^"(?:[^"\\]|\\.)*"|^'(?:[^'\\]|\\.)*'/.exec(rest))) token = { kind: 'text', text: unquote(m[0]), at };
    else if (name !== undefined && !WORDS.includes(name)) token = { kind: 'name', text: name, at };
    else if ((m = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest))) token = { kind: 'name', text: m[0], at };
    else {
      const op = OPERATORS.find((o) => rest.startsWith(o));
      if (!op) throw new ExpressionError(`“${rest[0]}” is no part of an expression`, at);
      token = { kind: 'op', text: op, at };
    }
    size = m ? m[0].length : token.text.length;
    out.push(token);
    at += size;
  }
  out.push({ kind: 'end', text: '', at: source.length });
  return out;
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c);
}

class Parser {
  private i = 0;

  constructor(
    private readonly all: Token[],
    private readonly labels: Map<string, Column>,
  ) {}

  whole(): Eval {
    const run = this.or();
    if (this.peek().kind !== 'end') this.fail('“and”, “or” or the end');
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

  private or(): Eval {
    let left = this.and();
    while (this.take('or', '||')) {
      const [a, b] = [left, this.and()];
      left = (r) => {
        const x = a(r);
        if (x === true) return true;
        const y = b(r);
        return y === true ? true : x === undefined || y === undefined ? undefined : false;
      };
    }
    return left;
  }

  private and(): Eval {
    let left = this.not();
    while (this.take('and', '&&')) {
      const [a, b] = [left, this.not()];
      left = (r) => {
        const x = a(r);
        if (x === false) return false;
        const y = b(r);
        return y === false ? false : x === undefined || y === undefined ? undefined : true;
      };
    }
    return left;
  }

  private not(): Eval {
    if (!this.take('not', '!')) return this.comparison();
    const a = this.not();
    return (r) => {
      const x = a(r);
      return typeof x === 'boolean' ? !x : undefined;
    };
  }

  private comparison(): Eval {
    const left = this.sum();
    const negated = this.peek().text === 'not' && this.all[this.i + 1]?.text === 'in' && this.take('not') !== null;
    const op = this.take('==', '!=', '<=', '>=', '<', '>', 'in', 'contains', 'startsWith', 'endsWith', 'matches');
    if (!op) return left;
    const right = this.sum();
    const test = compare(op, this.peek().at);
    return (r) => {
      const x = left(r);
      const y = right(r);
      if (x === null && y === null && op === '==') return true;
      if (x === undefined || y === undefined || (y === null && op !== '==' && op !== '!=')) return undefined;
      if (y === null) return op === '==' ? x === null : x !== null;
      if (x === null) return undefined;
      const is = test(x, y);
      return negated && is !== undefined ? !is : is;
    };
  }

  private sum(): Eval {
    let left = this.product();
    for (let op; (op = this.take('+', '-')); ) left = arithmetic(op, left, this.product());
    return left;
  }

  private product(): Eval {
    let left = this.power();
    for (let op; (op = this.take('*', '/', '%')); ) left = arithmetic(op, left, this.power());
    return left;
  }

  private power(): Eval {
    const base = this.unary();
    return this.take('^', '**') ? arithmetic('^', base, this.power()) : base;
  }

  private unary(): Eval {
    if (!this.take('-')) return this.atom();
    const a = this.unary();
    return (r) => {
      const v = a(r);
      return typeof v === 'number' || typeof v === 'bigint' ? -v : undefined;
    };
  }

  private atom(): Eval {
    const t = this.peek();
    if (this.take('(')) {
      const inner = this.or();
      this.need(')');
      return inner;
    }
    if (this.take('[')) return this.list();
    if (this.take('$')) return this.quotedName();
    this.i++;
    if (t.kind === 'text') return () => t.text;
    if (t.kind === 'number') return constant(t.text);
    const column = t.kind === 'name' ? this.labels.get(t.text) : undefined;
    if (column) return reader(column);
    if (t.kind === 'name' && Object.hasOwn(CONSTANTS, t.text)) return () => CONSTANTS[t.text];
    this.i--;
    if (t.kind === 'name') throw new ExpressionError(`there is no column “${clip(t.text, 60)}”`, t.at);
    return this.fail('a column, a number, or a text in quotes');
  }

  private list(): Eval {
    const parts: Eval[] = [];
    while (!this.take(']')) {
      if (parts.length > 0) this.need(',');
      parts.push(this.sum());
    }
    return (r) => parts.map((p) => p(r));
  }

  // $env["NAME"] is any column, whatever characters its name has.
  private quotedName(): Eval {
    if (this.peek().text !== 'env') this.fail('“env”');
    this.i++;
    this.need('[');
    const t = this.peek();
    const column = t.kind === 'text' ? this.labels.get(t.text) : undefined;
    if (!column) throw new ExpressionError(`there is no column “${clip(t.text, 60)}”`, t.at);
    this.i++;
    this.need(']');
    return reader(column);
  }
}

const CONSTANTS: Record<string, Value> = { true: true, false: false, nil: null, null: null };

function constant(text: string): Eval {
  const isInteger = /^\d+$/.test(text);
  const value = isInteger && !Number.isSafeInteger(Number(text)) ? BigInt(text) : Number(text);
  return () => value;
}

// Missing values are null here: a comparison makes them unknown. Times are
// texts, as the server has them.
function reader(column: Column): Eval {
  if (column.kind === 'time') return (row) => (Number.isNaN(column.number(row)) ? null : moment(column.number(row)));
  return (row) => column.value(row);
}

function compare(op: string, at: number): (a: NonNullable<Value>, b: NonNullable<Value>) => boolean | undefined {
  if (op === 'in') return (a, b) => (Array.isArray(b) ? b.some((v) => v == a) : undefined);
  if (op === 'contains' || op === 'startsWith' || op === 'endsWith') {
    const method = { contains: 'includes', startsWith: 'startsWith', endsWith: 'endsWith' }[op] as 'includes';
    return (a, b) => (typeof a === 'string' && typeof b === 'string' ? a[method](b) : undefined);
  }
  if (op === 'matches') return matcher(at);
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

function matcher(at: number): (a: unknown, b: unknown) => boolean | undefined {
  const made = new Map<string, RegExp>();
  return (a, b) => {
    if (typeof a !== 'string' || typeof b !== 'string') return undefined;
    let expression = made.get(b);
    if (!expression) {
      try {
        expression = new RegExp(b, 'u');
      } catch {
        throw new ExpressionError(`“${b}” is not a regular expression`, at);
      }
      made.set(b, expression);
    }
    return expression.test(a);
  };
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
