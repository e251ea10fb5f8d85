// The newest lines of a log, as many as are kept: a page that stays open for
// days does not grow.

import type { LogLine } from './api';

/** How many lines are kept. */
export const KEPT = 200_000;

export class Tail {
  lines: LogLine[] = [];
  /** Lines that the log dropped before they could be read. */
  dropped = 0;

  clear(): void {
    this.lines = [];
    this.dropped = 0;
  }

  /** Puts older lines before all others, and newer ones after them; what is here already is left out. */
  add(lines: LogLine[]): void {
    if (lines.length === 0) return;
    const first = this.lines[0]?.offset ?? Infinity;
    const last = this.lines.at(-1)?.offset ?? -Infinity;
    const older = lines.filter((l) => l.offset < first && this.lines.length > 0);
    const newer = lines.filter((l) => l.offset > last);
    if (older.length > 0) this.lines = [...older, ...this.lines];
    for (const line of newer) this.lines.push(line);
    if (this.lines.length > KEPT + KEPT / 20) this.lines = this.lines.slice(-KEPT);
  }
}
