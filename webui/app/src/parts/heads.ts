// The columns of a table: what they are, where they are, and what their heads do with
// the mouse and tell.

/** A column of a table. */
export interface GridColumn {
  key: string;
  label: string;
  /** Width in rem at first. */
  width: number;
  right?: boolean;
  title?: string;
  /** The state of a row, whose mark is before the text; "" for none. One column in sight has marks. */
  mark?: (row: number) => string;
  /** Its texts are links where they are not made: 'link', or 'quiet link' for one that is underlined when it is hovered. */
  look?: 'link' | 'quiet link';
  /** What is in its cells is made for every row in sight, as there is more to it than its text. */
  whole?: boolean;
}

/** A column and where it is, in px. */
export interface Placed {
  column: GridColumn;
  /** From 0, among all columns. */
  index: number;
  left: number;
  width: number;
}

/** Places columns side by side; widths are in px. */
export function place(columns: GridColumn[], width: (column: GridColumn) => number): Placed[] {
  let left = 0;
  return columns.map((column, index) => {
    const at = { column, index, left, width: Math.floor(width(column)) };
    left += at.width;
    return at;
  });
}

/** Follows the mouse from where it was pressed until it is let go; moved gets how far it has gone to the right, in px. */
export function pulling(event: PointerEvent, moved: (by: number) => void): void {
  event.preventDefault();
  event.stopPropagation();
  const from = event.clientX;
  const handle = event.currentTarget as HTMLElement;
  handle.setPointerCapture(event.pointerId);
  handle.onpointermove = (e) => moved(e.clientX - from);
  handle.onpointerup = () => (handle.onpointermove = handle.onpointerup = null);
}

/** How a column is sorted, for aria-sort; sort is a column's key, with "-" before it for the largest first. */
export function sortedBy(sort: string, key: string): 'ascending' | 'descending' | undefined {
  return sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : undefined;
}
