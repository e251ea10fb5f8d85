// Which columns of a table are shown, and in which order: what a person has chosen
// by their names. Columns that are not named stay beside the one before them.

export interface Layout {
  /** Names in the order that was chosen; empty is the table's own. */
  order: string[];
  hidden: string[];
}

export const NATURAL: Layout = { order: [], hidden: [] };

/** All names in the layout's order, those that it hides too. */
export function ordered(names: string[], layout: Layout): string[] {
  const there = new Set(names);
  const chosen = layout.order.filter((n) => there.has(n));
  const known = new Set(chosen);
  names.forEach((name, i) => {
    if (known.has(name)) return;
    chosen.splice(i === 0 ? 0 : chosen.indexOf(names[i - 1]) + 1, 0, name);
    known.add(name);
  });
  return chosen;
}

/** The names that are shown, in order. */
export function shown(names: string[], layout: Layout): string[] {
  const hidden = new Set(layout.hidden);
  return ordered(names, layout).filter((n) => !hidden.has(n));
}

/** Puts a column before another one; before "" is the end. */
export function move(names: string[], layout: Layout, name: string, before: string): Layout {
  if (name === before) return layout;
  const order = ordered(names, layout).filter((n) => n !== name);
  const at = before === '' ? order.length : order.indexOf(before);
  order.splice(at < 0 ? order.length : at, 0, name);
  return { ...layout, order };
}

/** Hides a column, or shows it again. */
export function toggle(layout: Layout, name: string): Layout {
  const hidden = layout.hidden.includes(name) ? layout.hidden.filter((n) => n !== name) : [...layout.hidden, name];
  return { ...layout, hidden };
}

const KEY = 'rush.columns.';

/** The layout that was kept in this browser for a network. */
export function recall(network: string): Layout {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY + network) ?? 'null') as Partial<Layout> | null;
    const texts = (v: unknown) => (Array.isArray(v) ? v.filter((t): t is string => typeof t === 'string') : []);
    return { order: texts(kept?.order), hidden: texts(kept?.hidden) };
  } catch {
    return NATURAL;
  }
}

/** Keeps a layout; where nothing can be kept it lasts as long as the page. */
export function remember(network: string, layout: Layout): void {
  try {
    if (layout.order.length + layout.hidden.length === 0) localStorage.removeItem(KEY + network);
    else localStorage.setItem(KEY + network, JSON.stringify(layout));
  } catch {
    // it lasts as long as the page
  }
}
