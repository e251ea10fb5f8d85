// What the parts of a filter are, and which of them an operator takes: those that
// the server takes. What would never hold is refused instead of showing nothing.

/** What the values of a part are; any is known in each row only. */
export type Kind = 'number' | 'integer' | 'text' | 'condition' | 'nil' | 'list' | 'any';

const WORDS: Record<Kind, string> = {
  number: 'a number', integer: 'a number', text: 'a text', condition: 'a condition', nil: 'nil', list: 'a list', any: 'a value',
};
const CONDITION = 'expected a condition such as x > 1';

const numeric = (k: Kind) => k === 'number' || k === 'integer';
const like = (a: Kind, b: Kind) => a === 'any' || b === 'any' || a === b || (numeric(a) && numeric(b));

/** What is wrong with an operator between two parts; empty when nothing is. items are those of a list on the right. */
export function wrongBetween(op: string, a: Kind, b: Kind, items: Kind[] = []): string {
  const found = `found ${WORDS[a]} and ${WORDS[b]}`;
  const never = `${WORDS[a]} is compared with ${WORDS[b]} by ${op}, which ${op === '!=' ? 'always' : 'never'} holds`;
  switch (op) {
    case 'and':
    case 'or':
    case '&&':
    case '||':
      return like(a, 'condition') && like(b, 'condition') ? '' : `expected conditions on both sides of ${op}, ${found}`;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'matches':
      return like(a, 'text') && like(b, 'text') ? '' : `expected texts on both sides of ${op}, ${found}`;
    case '==':
    case '!=':
      return like(a, b) || a === 'nil' || b === 'nil' ? '' : never;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return like(a, b) && [a, b].every((k) => k === 'any' || k === 'text' || numeric(k)) ? '' : never;
    case 'in':
      return wrongIn(a, b, items);
    case '%':
      return like(a, 'integer') && like(b, 'integer') && a !== 'number' && b !== 'number' ? '' : 'expected integers on both sides of %';
    case '+':
      if (like(a, 'text') && like(b, 'text')) return '';
  }
  return like(a, 'number') && like(b, 'number') ? '' : `expected numbers on both sides of ${op}, ${found}`;
}

// A list of several kinds is taken, as by the server: some of it may be met.
function wrongIn(a: Kind, b: Kind, items: Kind[]): string {
  if (b === 'any') return '';
  if (b !== 'list') return a === b || (numeric(a) && numeric(b)) ? 'expected a list after in, as in ["a", "b"]' : wrongBetween('==', a, b).replace('by ==', 'by in');
  const [first] = items;
  const one = items.length > 0 && items.every((k) => k === first) && first !== 'nil';
  return one && !like(a, first) ? `${WORDS[a]} is compared with ${WORDS[first]} by in, which never holds` : '';
}

/** What is wrong with an operator before a part. */
export function wrongAfter(op: string, a: Kind): string {
  if (op === '-') return like(a, 'number') ? '' : `expected a number after -, found ${WORDS[a]}`;
  return like(a, 'condition') ? '' : `${CONDITION} after ${op}, found ${WORDS[a]}`;
}

/** What is wrong with a whole expression. */
export function wrongWhole(a: Kind): string {
  return like(a, 'condition') ? '' : `${CONDITION}, found ${WORDS[a]}`;
}

/** What comes out of an operator. */
export function kindOf(op: string, a: Kind, b: Kind): Kind {
  if (op === '+' && (a === 'text' || b === 'text')) return 'text';
  if (op === '%') return 'integer';
  if (a === 'any' || b === 'any') return op === '+' ? 'any' : 'number';
  return '+-*'.includes(op) && a === 'integer' && b === 'integer' ? 'integer' : 'number';
}
