// Who paints when: plots are painted in slices between frames, one after the
// other, and a plot that is dear to paint less often than one that is cheap.

import type { Steps } from '../data/steps';
import type { Work } from '../data/work';

/** How much longer a plot rests than it was painted. */
const REST = 4;

interface Job {
  paint: () => Steps<void>;
  failed: (error: unknown) => void;
  /** When it may be painted again, by performance.now(). */
  next: number;
  wanted: boolean;
  /** Drops the painting that goes on. */
  drop: (() => void) | null;
}

export class Painter {
  private readonly jobs = new Map<object, Job>();
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly work: Work) {}

  /**
   * Has something painted soon. Asked for several times before that, it is
   * painted once; asked for while it is painted, it is painted again. failed hears
   * of what painting throws; the others are painted.
   */
  want(key: object, paint: () => Steps<void>, failed: (error: unknown) => void): void {
    const job = this.jobs.get(key);
    if (job) Object.assign(job, { paint, failed, wanted: true });
    else this.jobs.set(key, { paint, failed, next: 0, wanted: true, drop: null });
    this.schedule();
  }

  /** Lets go of something that is not there any more. */
  forget(key: object): void {
    this.jobs.get(key)?.drop?.();
    this.jobs.delete(key);
  }

  private schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.turn());
  }

  // What has to rest is looked at again when the first of it has rested.
  private turn(): void {
    this.frame = 0;
    let soonest = Infinity;
    for (const job of this.jobs.values()) {
      if (!job.wanted || job.drop) continue;
      if (job.next > performance.now()) soonest = Math.min(soonest, job.next);
      else this.paint(job);
    }
    this.work.slice();
    clearTimeout(this.timer);
    if (soonest < Infinity) this.timer = setTimeout(() => this.schedule(), Math.max(0, soonest - performance.now()));
  }

  private paint(job: Job): void {
    job.wanted = false;
    const over = (cost: number) => {
      job.drop = null;
      job.next = performance.now() + (cost > 4 ? REST * cost : 0);
      if (job.wanted) this.schedule();
    };
    job.drop = this.work.start(job.paint(), (_, cost) => over(cost), 0, (error) => {
      over(0);
      job.failed(error);
    });
  }
}
