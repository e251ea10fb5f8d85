import { describe, expect, it } from 'vitest';
import type { Counts, Run } from '../net/api';
import { icon, progress, title } from './title';

const counts = { deferred: 0, queued: 0, running: 2, finished: 35, failed: 2 } as Counts;
const run = (status: string) => ({ status, reason: '', elapsed_us: 0 }) as Run;

describe('the tab of a page', () => {
  it('says first how far the run is', () => {
    expect(title('branin', 'Tasks', run('running'), progress(counts, 100))).toBe('37% · branin · Tasks');
    expect(title('branin', 'Tasks', run('running'), progress(counts, 0))).toBe('▶ · branin · Tasks');
    expect(title('branin', 'Tasks', run('done'), 1)).toBe('✓ · branin · Tasks');
    expect(title('branin', 'Tasks', null, NaN)).toBe('branin · Tasks');
    expect(title('', '', null, NaN)).toBe('rush');
  });
  it('is never further than all', () => expect(progress(counts, 10)).toBe(1));
  it('has a picture whose ring fills', () => {
    const ring = (part: number) => /dasharray="([\d.]+) 99"/.exec(decodeURIComponent(icon(run('running'), part)))?.[1];
    expect(ring(0)).toBe('0.0');
    expect(Number(ring(0.5))).toBeCloseTo(40.8, 0);
    expect(icon(run(''), 0)).toBe('./icon.svg');
    expect(new Set(['running', 'done', 'failed', 'interrupted'].map((s) => icon(run(s), 1))).size).toBe(4);
  });
});
