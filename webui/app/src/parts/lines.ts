// Texts as lines of a block that has one for each row: none may reach into the next one.

// What ends a line or a paragraph in some browser, tabs, and spaces.
// eslint-disable-next-line no-control-regex
const SPACES = /[ \t-\r\x1c-\x1f\x85\u2028\u2029]+/g;

/**
 * A text as one line. What it turns around, as right-to-left marks do, ends with its
 * paragraph, and each line of a block is one.
 */
export function line(text: string): string {
  return text.replace(SPACES, ' ').trim();
}

/** A row in words: each value after the name of its column; what is empty is left out. */
export function spoken(names: string[], values: string[]): string {
  return names.flatMap((name, i) => (values[i] ? [`${name} ${values[i]}`] : [])).join(', ');
}
