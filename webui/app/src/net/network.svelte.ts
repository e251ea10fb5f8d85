// One network as the page sees it: what its definition says, how it stands,
// and its tasks.

import { directed, type Objective } from '../data/codomain';
import type { Steps } from '../data/steps';
import type { Rows } from '../data/store';
import { TaskStore } from '../data/store';
import type { Work } from '../data/work';
import { get, networkAddress, type Counts, type Definition, type LogLine, type Run, type Worker } from './api';
import { AnswerError, startDecoder, type Decoder } from './decoder';
import { Live, type Phase, type Text } from './live';
import { Reports } from './reports.svelte';

/** The longest time that changes wait for a frame to be drawn, in ms: a hidden page draws none. */
const UNDRAWN = 1000;
/** The longest that changes are put into the store at once instead of in slices, in ms. */
const AT_ONCE = 6;

export class Network {
  readonly store = new TaskStore();
  definition = $state.raw<Definition | null>(null);
  counts = $state.raw<Counts | null>(null);
  run = $state.raw<Run | null>(null);
  workers = $state.raw<Worker[]>([]);
  /** Endings in a second, of late. */
  rate = $state(0);
  phase = $state<Phase>('loading');
  problem = $state('');
  /** What the store's trouble is; empty while the server can reach it. */
  storeProblem = $state('');
  /** Grows when the tasks have changed, at most once for each drawn frame. */
  tick = $state(0);
  /** Whether the network does not exist any more; what is shown is what was seen last. */
  gone = $state(false);
  /** When it was made, which tells it from others of its name; empty until it is known. */
  created = $state('');
  /** Whether another network has its name by now. */
  replaced = $state(false);
  /** The name that the network was given since; empty while it has the one of id. */
  renamed = $state('');
  loaded = $state(false);
  /** How many snapshots were taken. */
  loads = $state(0);
  /** When something was last heard, by performance.now(). */
  heardAt = $state(0);
  /** The server's clock minus this machine's, in microseconds. */
  skew = 0;
  /** What tasks report on their way, read while somebody looks. */
  readonly reports: Reports;
  readonly logs: Set<(lines: LogLine[], dropped: number) => void> = new Set();

  private readonly decoder: Decoder;
  private readonly live: Live;
  private waiting: Rows[] = [];
  private drawing = 0;
  private undrawn: ReturnType<typeof setTimeout> | undefined;
  /** Drops what is being put into the store. */
  private applying = () => {};
  private readonly ending = new AbortController();

  constructor(
    readonly id: string,
    private readonly work: Work,
  ) {
    this.decoder = startDecoder();
    this.reports = new Reports(id, this.decoder, () => ({ tick: this.tick, loads: this.loads, running: this.counts?.running ?? 0 }));
    this.live = new Live(id, this.decoder, {
      phase: (phase, problem) => {
        this.phase = phase;
        this.problem = problem;
        if (phase === 'live') this.gone = false;
        if (phase === 'live' && !this.definition) void this.define();
      },
      snapshot: (pieces) => this.replace(pieces),
      rows: (pieces) => this.take(pieces),
      text: (message) => this.text(message),
      heard: () => (this.heardAt = performance.now()),
    });
    void this.define();
    this.live.start();
  }

  /** Lets go of the network. */
  close(): void {
    this.ending.abort();
    this.reports.close();
    this.live.stop();
    this.decoder.close();
    cancelAnimationFrame(this.drawing);
    clearTimeout(this.undrawn);
    this.applying();
  }

  /** The outputs that the search is about. */
  get codomain(): Objective[] {
    return this.definition?.codomain ?? [];
  }

  /** Those that have a direction. */
  get objectives(): Objective[] {
    return directed(this.codomain);
  }

  /** Whether nothing can be changed here. */
  get readOnly(): boolean {
    return this.gone || this.definition?.read_only === true || this.definition?.frozen === true;
  }

  /** The server's time in microseconds. */
  now(): number {
    return Date.now() * 1000 + this.skew;
  }

  hurry(): void {
    this.live.hurry();
  }

  followLogs(filter: { level?: string; worker?: string } | null): void {
    this.live.followLogs(filter);
  }

  /** Reads anew what the network is about; whether it is there still. */
  async define(): Promise<boolean> {
    try {
      const definition = await get<Definition>(networkAddress(this.id), this.ending.signal);
      if (!this.is(definition.created)) return true;
      this.definition = definition;
      this.counts ??= definition.counts;
      this.run ??= definition.run;
      return true;
    } catch (error) {
      if (!this.ending.signal.aborted) this.problem = error instanceof Error ? error.message : String(error);
      return !(error instanceof AnswerError && error.status === 404);
    }
  }

  // Whether what was heard is of this network, which is told by when it was made.
  private is(created: unknown): boolean {
    if (typeof created !== 'string') return true;
    if (this.created === '') this.created = created;
    if (this.created !== created) this.replaced = true;
    return this.created === created;
  }

  private replace(pieces: Rows[]): Promise<void> {
    this.waiting = [];
    cancelAnimationFrame(this.drawing);
    clearTimeout(this.undrawn);
    this.undrawn = undefined;
    this.applying();
    return new Promise((taken, failed) => {
      const done = () => {
        this.loaded = true;
        this.loads++;
        this.tick++;
        taken();
      };
      this.applying = this.work.start(this.store.loading(pieces), done, 0, failed);
    });
  }

  // Frames are taken when the next one is drawn, all of them at once.
  private take(pieces: Rows[]): void {
    this.waiting.push(...pieces);
    if (this.undrawn !== undefined) return;
    const apply = () => this.apply();
    this.drawing = requestAnimationFrame(apply);
    this.undrawn = setTimeout(apply, UNDRAWN);
  }

  private apply(): void {
    cancelAnimationFrame(this.drawing);
    clearTimeout(this.undrawn);
    this.work.busy();
    this.applying = this.work.start(this.upserting(), () => this.tick++, AT_ONCE);
  }

  // What comes meanwhile is taken too.
  private *upserting(): Steps<void> {
    try {
      for (let rows = this.waiting.shift(); rows; rows = this.waiting.shift()) yield* this.store.upserting(rows);
    } finally {
      this.undrawn = undefined;
    }
  }

  private text(message: Text): void {
    if (typeof message.now_us === 'number') this.skew = message.now_us - Date.now() * 1000;
    switch (message.type) {
      case 'hello':
        this.is(message.created);
        break;
      case 'counts':
        this.counts = message.counts as Counts;
        this.rate = (message.rate as number | undefined) ?? 0;
        if (this.run && typeof message.elapsed_us === 'number') this.run = { ...this.run, elapsed_us: message.elapsed_us };
        break;
      case 'run':
        this.run = (message.run as Run | undefined) ?? (message as unknown as Run);
        break;
      case 'workers':
        this.workers = message.workers as Worker[];
        break;
      case 'logs':
        for (const listener of this.logs) listener(message.entries as LogLine[], (message.dropped as number | undefined) ?? 0);
        break;
      case 'store':
        this.storeProblem = message.reachable ? '' : ((message.message as string | undefined) ?? 'the store cannot be reached');
        break;
      case 'renamed':
        this.renamed = message.id as string;
        break;
      case 'error':
        if (message.code !== 'no_network') break;
        this.problem = message.message as string;
        this.gone = true;
    }
  }
}
