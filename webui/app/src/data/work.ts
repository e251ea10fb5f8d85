// Who does the long work of a page, in slices that are short enough for frames
// and clicks to come between them.

import type { Steps } from './steps';

/** How long a slice takes while nothing else is going on, in ms; its last step may go over it. */
const SLICE = 8;
/** How long the only slice of a frame takes while data streams in, in ms. */
const BUSY_SLICE = 5;
/** For how long after something came the page counts as busy, in ms. */
const BUSY = 250;
/** How long a hidden page, which draws no frames, waits between slices. */
const HIDDEN = 100;

interface Job {
  steps: Steps<unknown>;
  done: (value: unknown, cost: number) => void;
  failed: (error: unknown) => void;
  /** The time spent on it, in ms. */
  cost: number;
}

/** What Work needs of a browser. */
export interface Clock {
  now(): number;
  /** Calls back soon, after what is waiting. */
  soon(call: () => void): void;
  /** Calls back when the next frame is drawn. */
  frame(call: () => void): void;
}

/**
 * Does jobs in turn, the oldest first. While the page is calm one slice follows
 * the other; while data streams in there is one in each frame, so that the rest
 * of the frame is left to the browser.
 */
export class Work {
  private jobs: Job[] = [];
  private scheduled = false;
  private busyUntil = -Infinity;

  constructor(private readonly clock: Clock = browserClock()) {}

  /** Says that data has just come. */
  busy(): void {
    this.busyUntil = this.clock.now() + BUSY;
  }

  /**
   * Does a job, and calls done with its result and what it has cost in ms. The
   * first atOnce ms are done before it returns: what is short is done then. What
   * it throws goes to failed, which reports it if none is given. The function
   * that start returns drops the job.
   */
  start<T>(steps: Steps<T>, done: (value: T, cost: number) => void, atOnce = 0, failed: (error: unknown) => void = (error) => reportError(error)): () => void {
    const job: Job = { steps, done: done as Job['done'], failed, cost: 0 };
    if (atOnce > 0 && this.advance(job, this.clock.now() + atOnce)) return () => {};
    this.jobs.push(job);
    this.schedule();
    return () => {
      this.jobs = this.jobs.filter((j) => j !== job);
      steps.return(undefined as never);
    };
  }

  /** Does a slice of what is waiting. */
  slice(): void {
    const until = this.clock.now() + (this.isBusy() ? BUSY_SLICE : SLICE);
    while (this.jobs.length > 0 && this.clock.now() < until) {
      const job = this.jobs[0];
      if (this.advance(job, until)) this.jobs = this.jobs.filter((j) => j !== job);
    }
    this.schedule();
  }

  private isBusy(): boolean {
    return this.clock.now() < this.busyUntil;
  }

  private schedule(): void {
    if (this.scheduled || this.jobs.length === 0) return;
    this.scheduled = true;
    const go = () => {
      this.scheduled = false;
      this.slice();
    };
    if (this.isBusy()) this.clock.frame(go);
    else this.clock.soon(go);
  }

  /** Goes on with a job, and says whether it is over. */
  private advance(job: Job, until: number): boolean {
    const began = this.clock.now();
    let now = began;
    try {
      do {
        const step = job.steps.next();
        now = this.clock.now();
        if (!step.done) continue;
        job.done(step.value, job.cost + now - began);
        return true;
      } while (now < until);
    } catch (error) {
      job.failed(error);
      return true;
    }
    job.cost += now - began;
    return false;
  }
}

function browserClock(): Clock {
  const channel = new MessageChannel();
  let calls: (() => void)[] = [];
  channel.port1.onmessage = () => {
    const now = calls;
    calls = [];
    for (const call of now) call();
  };
  return {
    now: () => performance.now(),
    soon: (call) => {
      calls.push(call);
      channel.port2.postMessage(0);
    },
    frame: (call) => {
      let called = false;
      const once = () => {
        if (!called) call();
        called = true;
      };
      requestAnimationFrame(once);
      setTimeout(once, HIDDEN);
    },
  };
}
