import { describe, expect, it } from 'vitest';
import { finish } from './steps';
import { pulse as steps } from './pulse';
import { TaskStore } from './store';

/** A store whose tasks ended at these seconds. */
function ended(...seconds: number[]): TaskStore {
  const store = new TaskStore();
  const numbers = Float64Array.from(seconds, (_, i) => i);
  store.load([
    {
      length: seconds.length,
      columns: [
        { role: 'task', name: 'number', unit: '', kind: 'int', length: seconds.length, numbers },
        { role: 'task', name: 'finished', unit: '', kind: 'time', length: seconds.length, numbers: Float64Array.from(seconds, (s) => s * 1e6) },
      ],
    },
  ]);
  return store;
}

const pulse = (store: TaskStore, most: number, going: boolean) => finish(steps(store, most, going));

describe('endings over time', () => {
  it('are not there without two', () => expect(pulse(ended(100), 60, false).counts).toEqual([]));
  it('come in stretches of some endings each, so that a slow search is no saw', () => {
    const every2 = Array.from({ length: 61 }, (_, i) => 1000 + 2 * i);
    expect(pulse(ended(...every2), 60, false)).toMatchObject({ step: 10, counts: [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1] });
  });
  it('come in no more stretches than wanted, and all of them', () => {
    const fast = Array.from({ length: 5000 }, (_, i) => 1000 + i / 50);
    const { counts, step, at } = pulse(ended(...fast), 60, false);
    expect(step).toBe(2);
    expect(counts.length).toBeLessThanOrEqual(60);
    expect(counts.reduce((a, b) => a + b)).toBe(5000);
    expect(at[1] - at[0]).toBe(2);
  });
  it('leave out the stretch that is not over while the run goes on', () => {
    const every2 = Array.from({ length: 61 }, (_, i) => 1000 + 2 * i);
    expect(pulse(ended(...every2), 60, true).counts).toEqual(Array(12).fill(5));
  });
});
