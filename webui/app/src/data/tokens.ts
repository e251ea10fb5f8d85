// The words of a filter's language, and where they are.

/** Says where an expression is wrong, and what was expected there. */
export class ExpressionError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

export interface Token {
  kind: 'number' | 'text' | 'name' | 'op' | 'end';
  text: string;
  at: number;
}

export const WORDS = ['and', 'or', 'not', 'in', 'contains', 'startsWith', 'endsWith', 'matches'];
const OPERATORS = ['==', '!=', '<=', '>=', '&&', '||', '**', '<', '>', '(', ')', '[', ']', ',', '+', '-', '*', '/', '%', '^', '!', '.', '$'];

/** Takes an expression apart; labels are the names of columns, which may have dots and dashes. Throws an ExpressionError. */
export function tokens(source: string, labels: Iterable<string>): Token[] {
  const names = [...labels].filter((n) => /^[\p{L}_]/u.test(n)).sort((a, b) => b.length - a.length);
  const out: Token[] = [];
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at);
    let m: RegExpMatchArray | null;
    if ((m = /^\s+/.exec(rest))) {
      at += m[0].length;
      continue;
    }
    let token: Token;
    const name = names.find((n) => rest.startsWith(n) && !/^[\p{L}\p{N}_]/u.test(rest.slice(n.length)));
    if ((m = /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(rest))) token = { kind: 'number', text: m[0], at };
    else if ((m = /^"(?:[^"\\]|\\.)*"|^'(?:[^'\\]|\\.)*'/s.exec(rest))) token = { kind: 'text', text: unquote(m[0]), at };
    else if (name !== undefined && !WORDS.includes(name)) token = { kind: 'name', text: name, at };
    else if ((m = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest))) token = { kind: 'name', text: m[0], at };
    else token = { kind: 'op', text: operator(rest, at), at };
    out.push(token);
    at += m ? m[0].length : token.text.length;
  }
  out.push({ kind: 'end', text: '', at: source.length });
  return out;
}

function operator(rest: string, at: number): string {
  const found = OPERATORS.find((o) => rest.startsWith(o));
  if (found) return found;
  const first = String.fromCodePoint(rest.codePointAt(0)!);
  if (first === '=') throw new ExpressionError('= compares nothing; did you mean ==?', at);
  if (first === '"' || first === "'") throw new ExpressionError(`the text that begins here has no closing ${first}`, at);
  throw new ExpressionError(`“${first}” is no part of an expression`, at);
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/gs, (_, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c);
}
