import { describe, expect, it } from 'vitest';
import { finish, strides, type Steps } from './steps';
import { Work, type Clock } from './work';

/** A clock that moves when it is told, and keeps what is to be called. */
function clock() {
  const waiting: { kind: 'soon' | 'frame'; call: () => void }[] = [];
  const it = {
    time: 0,
    waiting,
    now: () => it.time,
    soon: (call: () => void) => void waiting.push({ kind: 'soon', call }),
    frame: (call: () => void) => void waiting.push({ kind: 'frame', call }),
    go: () => waiting.shift()!.call(),
  };
  return it satisfies Clock;
}

/** A job of steps of a millisecond each. */
function* steps(c: { time: number }, n: number, log: string[] = [], name = ''): Steps<number> {
  for (let i = 0; i < n; i++) {
    c.time++;
    log.push(name);
    yield;
  }
  return n;
}

describe('work in slices', () => {
  it('is done in slices of some milliseconds, the oldest first', () => {
    const c = clock();
    const work = new Work(c);
    const ended: string[] = [];
    work.start(steps(c, 12), (n, cost) => ended.push(`a ${n} ${cost}`));
    work.start(steps(c, 3), (n) => ended.push(`b ${n}`));
    expect(c.time).toBe(0);
    c.go();
    expect([c.time, ended]).toEqual([8, []]);
    c.go();
    expect(ended).toEqual(['a 12 12', 'b 3']);
    expect(c.waiting).toEqual([]);
  });

  it('has one slice in a frame while data comes, and a shorter one', () => {
    const c = clock();
    const work = new Work(c);
    work.busy();
    work.start(steps(c, 300), () => {});
    expect(c.waiting[0].kind).toBe('frame');
    c.go();
    expect(c.time).toBe(5);
    c.time = 1000;
    c.go();
    expect(c.waiting[0].kind).toBe('soon');
  });

  it('does what is short at once', () => {
    const c = clock();
    const work = new Work(c);
    let got = 0;
    work.start(steps(c, 3), (n) => (got = n), 4);
    expect([got, c.waiting.length]).toEqual([3, 0]);
    work.start(steps(c, 30), (n) => (got = n), 4);
    expect([got, c.time, c.waiting.length]).toEqual([3, 7, 1]);
  });

  it('drops a job that nobody waits for, and says what failed', () => {
    const c = clock();
    const work = new Work(c);
    const log: string[] = [];
    const drop = work.start(steps(c, 100, log, 'dropped'), () => log.push('over'));
    work.start(
      (function* (): Steps<void> {
        yield;
        throw new Error('broken');
      })(),
      () => log.push('over'),
      0,
      (error) => log.push(String(error)),
    );
    drop();
    c.go();
    expect(log).toEqual(['Error: broken']);
  });

  it('goes through all of a range once', () => {
    const seen: [number, number][] = [];
    finish(strides(10, (from, to) => seen.push([from, to]), 4));
    expect(seen).toEqual([[0, 4], [4, 8], [8, 10]]);
  });
});
