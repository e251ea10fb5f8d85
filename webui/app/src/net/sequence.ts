// Where a page is in a network's stream of changes.

/** An epoch, which a reset of the network raises, and the number of a change in it. */
export interface Sequence {
  epoch: bigint;
  number: bigint;
}

/** Reads EPOCH.SEQ. */
export function parseSequence(text: string): Sequence | null {
  const m = /^(\d+)\.(\d+)$/.exec(text);
  return m ? { epoch: BigInt(m[1]), number: BigInt(m[2]) } : null;
}

export function formatSequence(s: Sequence): string {
  return `${s.epoch}.${s.number}`;
}

/** A binary frame's head: 1 byte kind, 8 bytes epoch, 8 bytes number, little-endian. */
export const HEAD = 17;

export interface Head extends Sequence {
  kind: number;
}

export function readHead(frame: ArrayBuffer): Head | null {
  if (frame.byteLength < HEAD) return null;
  const view = new DataView(frame);
  return { kind: view.getUint8(0), epoch: view.getBigUint64(1, true), number: view.getBigUint64(9, true) };
}

/**
 * Says what a frame is to who has seen everything up to last: the next, one
 * that was seen before, or a sign that some are missing.
 */
export function follows(last: Sequence, head: Sequence): 'next' | 'old' | 'gap' {
  if (head.epoch !== last.epoch) return head.epoch < last.epoch ? 'old' : 'gap';
  if (head.number === last.number + 1n) return 'next';
  return head.number <= last.number ? 'old' : 'gap';
}
