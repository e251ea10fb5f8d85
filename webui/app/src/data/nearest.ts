/** The known name that a person may have meant: one in which few characters differ, whatever their case; else none. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const n = [...name].length;
  let best: string | undefined;
  let least = Math.min(n, 1 + Math.max(1, Math.floor(n / 3)));
  for (const k of known) {
    const d = edits([...name.toLowerCase()], [...k.toLowerCase()]);
    if (d < least) [best, least] = [k, d];
  }
  return best;
}

// Insertions, deletions and replacements between two words (Levenshtein).
function edits(from: string[], to: string[]): number {
  const row = [...to.keys(), to.length];
  from.forEach((r, i) => {
    let diagonal = row[0];
    row[0] = i + 1;
    to.forEach((s, j) => {
      const replace = diagonal + (r === s ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = Math.min(replace, row[j] + 1, diagonal + 1);
    });
  });
  return row[to.length];
}
