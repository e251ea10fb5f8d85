// What the whole page shares: the address, the open network, and what is shown
// of it. Made once, by App, and handed down as context.

import { getContext, setContext, untrack } from 'svelte';
import type { Column } from '../data/column';
import { compile, ExpressionError, moment, nameIn } from '../data/expression';
import type { Order } from '../data/sort';
import type { Steps } from '../data/steps';
import { arranging, EVERYTHING, type Range, type Wanted } from '../data/view';
import { Work } from '../data/work';
import type { Filter, Meant } from '../net/api';
import { Network } from '../net/network.svelte';
import { Painter } from '../plot/painter';
import { format, HOME, MOST_PICKED, parse, type BrushRange, type Route } from './route';

const KEY = Symbol('session');

/** Something that is to be done to the network, once a person has said yes. */
export interface Ask {
  title: string;
  verb: string;
  /** What the button says. */
  yes: string;
  /** Which tasks are meant: they are counted first. */
  filter?: Filter;
  body?: Record<string, unknown>;
  text?: string;
  /** What may be chosen besides; each goes into the body's retry under its key, or into the body itself. */
  options?: { key: string; label: string; on: boolean; into?: 'retry' | 'body' }[];
  /** What one of several is chosen of, and goes into the body; the first is the default. */
  choices?: { key: string; label: string; values: [string, unknown][] }[];
  /** Tasks that failed in one way only can be meant. */
  classes?: boolean;
  /** The network that is meant; else the open one. */
  network?: Meant;
  /** Called when it was done. */
  after?: () => void;
  danger?: boolean;
  /** The network's name has to be typed. */
  confirm?: boolean;
  /** Without a question: what it does can be taken back. */
  quiet?: boolean;
}

/** What may be chosen when tasks are retried. */
export const RETRY_OPTIONS = [
  { key: 'ignore_limit', label: 'also those that have no automatic retries left', on: true },
  { key: 'next_seed', label: 'with other random numbers than before', on: false },
];

/** What may be chosen when tasks are deleted. */
export const RUNNING_TOO = [{ key: 'running', into: 'body' as const, label: 'running ones, too: what their workers deliver is lost', on: false }];

export class Session {
  route = $state.raw<Route>(HOME);
  network = $state.raw<Network | null>(null);
  /** How often another network has taken the name of the open one: what was begun in a view is not about that. */
  replacements = $state(0);
  /** What is being asked before something is done, and a word on what was. */
  notice = $state.raw<{ text: string; bad: boolean; link?: { text: string; href: string } } | null>(null);
  /** Does what takes long, between frames. */
  readonly work = new Work();
  /** Paints all plots. */
  readonly painter = new Painter(this.work);
  help = $state(false);
  /** What is being asked before it is done. */
  ask = $state.raw<Ask | null>(null);
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    // rush ui NETWORK leads here with ?network=NETWORK.
    const asked = new URLSearchParams(location.search).get('network');
    if (asked !== null) history.replaceState(null, '', location.pathname + (location.hash || format({ ...HOME, network: asked, view: 'overview' })));
    this.follow();
  }

  /** Takes the address as it is now. */
  follow(): void {
    this.route = parse(location.hash);
    if (this.route.network !== (this.network?.id ?? '')) {
      this.network?.close();
      this.network = this.route.network === '' ? null : new Network(this.route.network, this.work);
    }
  }

  /** Goes somewhere; what is not said stays. With keep it is no step of its own in the history. */
  go(change: Partial<Route>, keep = false): void {
    const hash = this.href(change);
    if (hash === location.hash) return;
    history[keep ? 'replaceState' : 'pushState'](null, '', hash);
    this.follow();
  }

  /** The address of a place. A view's own settings stay with the view. */
  href(change: Partial<Route>): string {
    const leaves = (change.view !== undefined && change.view !== this.route.view) || (change.network ?? this.route.network) !== this.route.network;
    const base = change.network !== undefined && change.network !== this.route.network ? { ...HOME, view: 'overview' as const } : this.route;
    return format({ ...base, ...(leaves ? { extra: {} } : {}), ...change });
  }

  /** Goes to the list of networks. */
  leave(): void {
    history.pushState(null, '', '#/');
    this.follow();
  }

  say(text: string, bad = false): void {
    clearTimeout(this.noticeTimer);
    this.notice = { text, bad };
    this.noticeTimer = setTimeout(() => (this.notice = null), bad ? 12000 : 6000);
  }

  /** Goes on with the open network under the name that it has by now. */
  moved(to: string): void {
    const from = this.route.network;
    history.replaceState(null, '', format({ ...this.route, network: to }));
    this.follow();
    this.say(`Network ${from} is called ${to} by now, and this page went with it.`);
    this.notice = { ...this.notice!, link: { text: `What is called ${from} now`, href: format({ ...HOME, network: from, view: 'overview' }) } };
  }

  /** Shows the network that has the name of the open one by now, and says so. */
  replaced(): void {
    this.network?.close();
    this.ask = null; // it was about the other one
    this.replacements++;
    this.network = new Network(this.route.network, this.work);
    this.say(`Another network is called ${this.route.network} by now: this page shows that one.`, true);
  }

  /** Says that the open network does not exist any more. */
  deleted(): void {
    this.say(`Network ${this.route.network} was deleted. What is shown was seen last.`, true);
    this.notice = { ...this.notice!, link: { text: 'All networks', href: '#/' } };
  }

  /** What is wrong with the filter's expression; empty when nothing is. */
  readonly whereProblem = $derived.by(() => {
    this.shape();
    try {
      this.compiled();
      return '';
    } catch (error) {
      return error instanceof ExpressionError ? `${error.message} (at character ${error.at + 1})` : String(error);
    }
  });

  /** What the filter and the brush ask for. */
  wanted(withBrush = true): Wanted {
    const store = this.network?.store;
    if (!store) return EVERYTHING;
    let where: Wanted['where'] = null;
    try {
      where = this.compiled();
    } catch {
      // the filter's own field says so
    }
    return { states: this.route.states, where, brush: withBrush ? this.ranges() : [], numbers: null };
  }

  /** The brush as ranges of columns that exist. */
  ranges(): Range[] {
    const store = this.network?.store;
    if (!store) return [];
    return this.route.brush.flatMap(({ label, low, high }) => {
      const column = store.named(label);
      return column ? [{ column, low, high }] : [];
    });
  }

  /** Whether anything is filtered away. */
  get filtered(): boolean {
    const { states, where, brush } = this.route;
    return states.length > 0 || where !== '' || brush.length > 0;
  }

  /** The filter and brush as the server evaluates them. */
  filter(): Filter {
    const parts = this.route.where.trim() === '' ? [] : [`(${this.route.where.trim()})`];
    for (const r of this.ranges()) parts.push(this.brushExpression(r));
    return {
      ...(this.route.states.length > 0 ? { state: this.route.states } : {}),
      ...(parts.length > 0 ? { where: parts.join(' and ') } : {}),
    };
  }

  private brushExpression({ column, low, high }: Range): string {
    const name = nameIn(this.network!.store.label(column));
    if (column.kind === 'time') return `${name} >= "${moment(Math.ceil(low))}" and ${name} <= "${moment(Math.floor(high))}"`;
    if (column.kind !== 'text') return `${name} >= ${low} and ${name} <= ${high}`;
    const texts = column.dict.slice(Math.ceil(low), Math.floor(high) + 1);
    return `${name} in [${texts.map((t) => JSON.stringify(t)).join(', ')}]`;
  }

  /** The order of the table. */
  order(): Order | null {
    const { sort } = this.route;
    if (sort === '') return null;
    const column = this.network?.store.named(sort.replace(/^-/, ''));
    return column ? { column, descending: sort.startsWith('-') } : null;
  }

  /** The rows that the filter, and with it the brush, let through, in the table's order. */
  *rows(options: { brush: boolean; sorted: boolean }): Steps<Uint32Array> {
    const store = this.network?.store;
    if (!store) return new Uint32Array(0);
    return yield* arranging(store, this.wanted(options.brush), options.sorted ? this.order() : null);
  }

  /** Sets or, without a range, removes the brush on a column. */
  brush(ranges: { column: Column; low: number; high: number }[], clear: Column[] = []): void {
    const store = this.network!.store;
    const changed = new Set([...ranges.map((r) => store.label(r.column)), ...clear.map((c) => store.label(c))]);
    const kept: BrushRange[] = this.route.brush.filter((b) => !changed.has(b.label));
    this.go({ brush: [...kept, ...ranges.map((r) => ({ label: store.label(r.column), low: r.low, high: r.high }))] }, true);
  }

  /** Adds a task to those that are compared, or takes it away. */
  pick(number: number): void {
    const { picked } = this.route;
    if (picked.includes(number)) return this.go({ picked: picked.filter((n) => n !== number) }, true);
    if (picked.length >= MOST_PICKED) return this.say(`${MOST_PICKED} tasks can be compared; take one away first`, true);
    this.go({ picked: [...picked, number] }, true);
  }

  private compiled(): Wanted['where'] {
    const store = this.network?.store;
    return store ? compile(this.route.where, store) : null;
  }

  // Columns appear while data streams in: what was no name before may be one now.
  private shape(): void {
    void this.network?.tick;
  }
}

export function provideSession(): Session {
  const session = untrack(() => new Session());
  setContext(KEY, session);
  return session;
}

export function useSession(): Session {
  return getContext<Session>(KEY);
}
