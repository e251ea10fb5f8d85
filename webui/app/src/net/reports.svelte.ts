// What tasks report on their way, kept up to date while somebody looks: those
// that have ended since the last time, and those that run.

import { Curves } from '../data/curves';
import { networkAddress } from './api';
import type { Decoder } from './decoder';

/** More reports than these are not kept: 100 bytes each, at most. */
const MOST = 2_000_000;
/** Between two looks, in ms, and so many times longer than a look takes. */
const LEAST = 1000;
const REST = 9;
/** After a look that failed. */
const AGAIN = 5000;

/** What says whether there may be something new. */
interface World {
  tick: number;
  loads: number;
  running: number;
}

export class Reports {
  readonly curves = new Curves();
  /** Grows when curves has changed. */
  tick = $state(0);
  /** Whether all that there was has been read once. */
  complete = $state(false);
  /** Whether there are more than are kept. */
  full = $state(false);
  problem = $state('');

  private after = '';
  private seen: World | null = null;
  private watchers = 0;
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly id: string,
    private readonly decoder: Decoder,
    private readonly world: () => World,
  ) {}

  /** Follows what is reported until the function that it returns is called. */
  watch(): () => void {
    if (++this.watchers === 1) void this.turn();
    return () => {
      if (--this.watchers === 0) clearTimeout(this.timer);
    };
  }

  close(): void {
    this.watchers = -Infinity;
    clearTimeout(this.timer);
  }

  private async turn(): Promise<void> {
    clearTimeout(this.timer);
    if (this.busy) return;
    this.busy = true;
    const began = performance.now();
    let rest = LEAST;
    try {
      await this.look();
      this.problem = '';
      rest = Math.max(LEAST, REST * (performance.now() - began));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      rest = AGAIN;
    }
    this.busy = false;
    if (this.watchers > 0) this.timer = setTimeout(() => void this.turn(), rest);
  }

  private async look(): Promise<void> {
    const now = this.world();
    if (this.seen && this.seen.loads > 0 && now.loads !== this.seen.loads) this.forget();
    const same = this.seen !== null && this.complete && now.tick === this.seen.tick && now.running === 0 && this.seen.running === 0;
    if (same || document.hidden) return;
    for (let more = true; more && this.watchers > 0 && !this.full; ) {
      const answer = await this.decoder.snapshot(networkAddress(this.id, '/reports', { after: this.after }));
      if (this.after.split('.')[0] !== answer.sequence.split('.')[0] && this.after !== '') this.forget();
      this.after = answer.sequence;
      for (const rows of answer.pieces) this.curves.take(rows);
      if (answer.pieces.some((rows) => rows.length > 0)) this.tick++;
      this.full = this.curves.reports > MOST;
      more = answer.more;
      if (!more) this.complete = true;
    }
    this.seen = now;
  }

  private forget(): void {
    this.after = '';
    this.curves.clear();
    this.complete = this.full = false;
    this.tick++;
  }
}
