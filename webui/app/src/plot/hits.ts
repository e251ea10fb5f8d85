// Which row of the store was painted where, in lanes: one for each pixel of them,
// however many rows there are.

/** How far beside a bar it is hit still, in pixels. */
const SLACK = 2;

export class Hits {
  /** The row + 1 that was painted last; 0 is none. */
  private rows = new Uint32Array(0);
  private lanes = 0;
  private lines = 0;
  private width = 0;

  /** Forgets all, for so many lanes in a picture of so many pixels. */
  clear(lanes: number, height: number, width: number): void {
    this.lanes = lanes;
    this.lines = Math.min(lanes, height);
    this.width = Math.ceil(width);
    const size = this.lines * this.width;
    if (this.rows.length === size) this.rows.fill(0);
    else this.rows = new Uint32Array(size);
  }

  /** Notes that a row was painted in a lane, from one place to another. */
  mark(lane: number, x0: number, x1: number, row: number): void {
    const line = this.line(lane);
    this.rows.fill(row + 1, line + Math.max(0, Math.floor(x0)), line + Math.min(this.width, Math.floor(x1) + 1));
  }

  /** The row that was painted there, or beside it; -1 is none. */
  at(lane: number, x: number): number {
    if (!(lane >= 0 && lane < this.lanes)) return -1;
    const line = this.line(lane);
    const here = Math.floor(x);
    for (let d = 0; d <= SLACK; d++) {
      for (const place of [here - d, here + d]) {
        if (place >= 0 && place < this.width && this.rows[line + place] > 0) return this.rows[line + place] - 1;
      }
    }
    return -1;
  }

  // Lanes that share a line of pixels share its place, too.
  private line(lane: number): number {
    return Math.floor((lane * this.lines) / this.lanes) * this.width;
  }
}
