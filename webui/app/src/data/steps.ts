// Work that can be interrupted: what takes long is written as a generator that
// yields wherever something else may have its turn. Who is in no hurry gives it
// to Work; who has to have the result at once finishes it.

/** Work that yields wherever it may be interrupted, and returns its result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Rows between two such places: well below a millisecond for what is done by arrays. */
export const STRIDE = 16384;

/** Does all of it at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Does something from 0 to n, so many at a time. */
export function* strides(n: number, pass: (from: number, to: number) => void, stride = STRIDE): Steps<void> {
  for (let at = 0; at < n; at += stride) {
    pass(at, Math.min(n, at + stride));
    yield;
  }
}
