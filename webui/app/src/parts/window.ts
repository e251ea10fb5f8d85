// Which rows of a long table are in sight. Browsers limit how tall an element
// can be (Firefox to some 17 million pixels): past that the scroll bar moves
// in larger steps than the rows do.

/** The tallest an element is made, in pixels. */
export const TALLEST = 12_000_000;

export interface Sight {
  /** The height of what scrolls. */
  tall: number;
  /** The first row to be drawn. */
  first: number;
  /** How many rows to draw. */
  count: number;
  /** Where the first row has its upper edge, within what scrolls. */
  top: number;
}

export interface Lines {
  rows: number;
  /** Of one row, and of the room for rows, in pixels. */
  height: number;
  room: number;
}

/** What is in sight at a scroll position. */
export function sight({ rows, height, room }: Lines, scrollTop: number): Sight {
  const whole = rows * height;
  const tall = Math.min(whole, TALLEST);
  const at = toWhole({ rows, height, room }, scrollTop);
  const first = Math.max(0, Math.min(rows - 1, Math.floor(at / height)));
  const count = Math.min(rows - first, Math.ceil(room / height) + 1);
  return { tall, first: Math.max(0, first), count: Math.max(0, count), top: scrollTop - (at - first * height) };
}

/** The scroll position at which a row is in sight, near to where it is now. */
export function reveal(lines: Lines, scrollTop: number, row: number): number {
  const at = toWhole(lines, scrollTop);
  const top = row * lines.height;
  let wanted = at;
  if (top < at) wanted = top;
  else if (top + lines.height > at + lines.room) wanted = top + lines.height - lines.room;
  return fromWhole(lines, wanted);
}

// A scroll position counts in the whole height if that is not too tall, else in
// proportion: the end is the end.
function toWhole(lines: Lines, scrollTop: number): number {
  const whole = lines.rows * lines.height;
  if (whole <= TALLEST) return scrollTop;
  return (Math.min(scrollTop, TALLEST - lines.room) / (TALLEST - lines.room)) * (whole - lines.room);
}

function fromWhole(lines: Lines, at: number): number {
  const whole = lines.rows * lines.height;
  if (whole <= TALLEST) return at;
  return (at / (whole - lines.room)) * (TALLEST - lines.room);
}
