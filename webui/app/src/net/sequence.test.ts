import { describe, expect, it } from 'vitest';
import { follows, formatSequence, HEAD, parseSequence, readHead } from './sequence';

describe('a sequence', () => {
  it('is read and written exactly', () => {
    const s = parseSequence('3.9007199254740993')!;
    expect(s).toEqual({ epoch: 3n, number: 9007199254740993n });
    expect(formatSequence(s)).toBe('3.9007199254740993');
    expect(parseSequence('3')).toBe(null);
  });
  it('is in the head of a frame', () => {
    const frame = new ArrayBuffer(HEAD + 2);
    const view = new DataView(frame);
    view.setUint8(0, 1);
    view.setBigUint64(1, 2n, true);
    view.setBigUint64(9, 7n, true);
    expect(readHead(frame)).toEqual({ kind: 1, epoch: 2n, number: 7n });
    expect(readHead(new ArrayBuffer(3))).toBe(null);
  });
  it('tells the next frame from old ones and from a gap', () => {
    const last = { epoch: 2n, number: 7n };
    expect(follows(last, { epoch: 2n, number: 8n })).toBe('next');
    expect(follows(last, { epoch: 2n, number: 7n })).toBe('old');
    expect(follows(last, { epoch: 2n, number: 9n })).toBe('gap');
    expect(follows(last, { epoch: 3n, number: 1n })).toBe('gap');
    expect(follows(last, { epoch: 1n, number: 99n })).toBe('old');
  });
});
