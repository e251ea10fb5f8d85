// Who paints when: a few plots in each frame, so that no frame takes long, and
// a plot that is dear to paint less often than one that is cheap.

/** How long the plots of one frame may take together, in ms; the last one may go over it. */
const BUDGET = 10;
/** How much longer a plot rests than it was painted. */
const REST = 4;

interface Job {
  paint: () => void;
  /** When it may be painted again, by performance.now(). */
  next: number;
  wanted: boolean;
}

export class Painter {
  private readonly jobs = new Map<object, Job>();
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Has something painted soon. Asked for several times before that, it is painted once. */
  want(key: object, paint: () => void): void {
    const job = this.jobs.get(key);
    // What was painted last goes to the end: all get their turn.
    this.jobs.delete(key);
    this.jobs.set(key, { paint, next: job?.next ?? 0, wanted: true });
    this.schedule();
  }

  /** Lets go of something that is not there any more. */
  forget(key: object): void {
    this.jobs.delete(key);
  }

  private schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.turn());
  }

  private turn(): void {
    this.frame = 0;
    const began = performance.now();
    let soonest = Infinity;
    for (const [key, job] of [...this.jobs]) {
      if (!job.wanted) continue;
      const now = performance.now();
      if (job.next > now) soonest = Math.min(soonest, job.next);
      else if (now - began > BUDGET) soonest = now;
      else this.paint(key, job);
    }
    clearTimeout(this.timer);
    const wait = soonest - performance.now();
    if (wait <= 0) this.schedule();
    else if (wait < Infinity) this.timer = setTimeout(() => this.schedule(), wait);
  }

  private paint(key: object, job: Job): void {
    const began = performance.now();
    job.wanted = false;
    job.paint();
    const ended = performance.now();
    job.next = ended + (ended - began > 4 ? REST * (ended - began) : 0);
    if (this.jobs.get(key) === job) {
      this.jobs.delete(key);
      this.jobs.set(key, job);
    }
  }
}
