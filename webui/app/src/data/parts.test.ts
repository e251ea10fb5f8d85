import { expect, it } from 'vitest';
import type { Counts } from '../net/api';
import { partsOf } from './parts';

const counts = (some: Partial<Counts>) => ({ deferred: 0, queued: 0, running: 0, finished: 0, failed: 0, total: 0, ...some }) as Counts;

it('tasks are parts of the limit of a run, which leaves a rest', () => {
  expect(partsOf(counts({ finished: 20, failed: 5, running: 5 }), 100)).toEqual({
    states: [{ state: 'finished', share: 0.2 }, { state: 'failed', share: 0.05 }, { state: 'running', share: 0.05 }],
    rest: 0.7,
    words: '20 finished, 5 failed, 5 running, of 100',
  });
});

it('without a limit, or with more tasks than it, they are the whole', () => {
  expect(partsOf(counts({ finished: 3, queued: 1 }))).toMatchObject({ states: [{ share: 0.75 }, { share: 0.25 }], rest: 0, words: '3 finished, 1 queued' });
  expect(partsOf(counts({ finished: 12 }), 10)).toMatchObject({ states: [{ state: 'finished', share: 1 }], rest: 0, words: '12 finished' });
});

it('where nothing is, all is to come', () => {
  expect(partsOf(counts({}))).toEqual({ states: [], rest: 1, words: 'no tasks' });
  expect(partsOf(counts({}), 50)).toEqual({ states: [], rest: 1, words: 'no tasks, of 50' });
});
