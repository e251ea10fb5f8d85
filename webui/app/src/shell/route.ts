// What the address says: the network, the view, and what is filtered, sorted,
// brushed and picked. It is the part after the #, so that it works below any
// base path and no server ever sees it.

export const VIEWS = ['overview', 'tasks', 'explore', 'workers', 'logs', 'push', 'export'] as const;
export type View = (typeof VIEWS)[number] | 'task' | 'networks';

/** A brush: a column by its label, and the ends of a range. */
export interface BrushRange {
  label: string;
  low: number;
  high: number;
}

export interface Route {
  network: string;
  view: View;
  /** The task of view "task". */
  task: number;
  states: string[];
  where: string;
  /** A column's label, with "-" before it for the largest first; "" is by number. */
  sort: string;
  brush: BrushRange[];
  /** Tasks that were picked, for comparison. */
  picked: number[];
  /** What a view remembers besides, such as its axes. */
  extra: Record<string, string>;
}

export const HOME: Route = { network: '', view: 'networks', task: -1, states: [], where: '', sort: '', brush: [], picked: [], extra: {} };

/** How many tasks can be picked. */
export const MOST_PICKED = 8;

/** Reads the part of an address after the #. What makes no sense is left out. */
export function parse(hash: string): Route {
  const [path, query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const parts = path.split('/').map(decode);
  const params = new URLSearchParams(query);
  const route: Route = { ...HOME, network: parts[0] ?? '', extra: {} };
  if (route.network === '') return route;
  route.view = (VIEWS as readonly string[]).includes(parts[1]) ? (parts[1] as View) : 'overview';
  if (parts[1] === 'task' && /^\d+$/.test(parts[2] ?? '')) {
    route.view = 'task';
    route.task = Number(parts[2]);
  }
  for (const [key, value] of params) {
    if (key === 'state') route.states = value.split(',').filter(Boolean);
    else if (key === 'where') route.where = value;
    else if (key === 'sort') route.sort = value;
    else if (key === 'brush') route.brush = [...route.brush, ...parseBrush(value)];
    else if (key === 'pick') route.picked = value.split(',').filter((v) => /^\d+$/.test(v)).map(Number).slice(0, MOST_PICKED);
    else route.extra[key] = value;
  }
  return route;
}

/** Writes a route as parse reads it. */
export function format(route: Route): string {
  if (route.network === '') return '#/';
  const path = [route.network, route.view, ...(route.view === 'task' ? [String(route.task)] : [])].map(encodeURIComponent).join('/');
  const params = new URLSearchParams();
  if (route.states.length > 0) params.set('state', route.states.join(','));
  if (route.where !== '') params.set('where', route.where);
  if (route.sort !== '') params.set('sort', route.sort);
  for (const b of route.brush) params.append('brush', `${b.low}~${b.high}~${b.label}`);
  if (route.picked.length > 0) params.set('pick', route.picked.join(','));
  for (const [key, value] of Object.entries(route.extra)) if (value !== '') params.set(key, value);
  const query = params.toString();
  return `#/${path}${query ? `?${query}` : ''}`;
}

function parseBrush(value: string): BrushRange[] {
  const [low, high, ...label] = value.split('~');
  const range = { low: Number(low), high: Number(high), label: label.join('~') };
  return label.length > 0 && range.low <= range.high ? [range] : [];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
