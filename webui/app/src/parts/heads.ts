// What the heads of a table's columns do with the mouse, and what they tell.

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
