import { describe, expect, it } from 'vitest';
import { format, HOME, parse, type Route } from './route';

describe('a route', () => {
  it('comes back from an address as it went in', () => {
    const route: Route = {
      network: 'branin-ω/1',
      view: 'tasks',
      task: -1,
      states: ['failed', 'queued'],
      where: 'y < 3 and w == "a&b"',
      sort: '-xs.y',
      brush: [{ label: 'x~1', low: -1.5, high: 2e-9 }],
      picked: [3, 99],
      extra: { x: 'x1', log: 'y' },
    };
    expect(parse(format(route))).toEqual(route);
  });
  it('leads to a task', () => expect(parse('#/n/task/12')).toMatchObject({ network: 'n', view: 'task', task: 12 }));
  it('is the list of networks without one', () => {
    for (const hash of ['', '#', '#/', '/']) expect(parse(hash)).toEqual(HOME);
  });
  it('leaves out what makes no sense', () => {
    expect(parse('#/n/nonsense?pick=a,1&brush=3~1~y&brush=x')).toMatchObject({ view: 'overview', picked: [1], brush: [] });
    expect(parse('#/%E0%A4%A')).toMatchObject({ network: '%E0%A4%A' });
  });
});
