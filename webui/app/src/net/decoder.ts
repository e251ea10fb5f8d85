// The page's side of the worker that decodes.

import type { Rows } from '../data/store';
import type { Answer, Request } from './decoder.worker';

export interface Snapshot {
  pieces: Rows[];
  sequence: string;
  /** Whether there is more to ask for after this. */
  more: boolean;
  bytes: number;
}

/** Fetches and decodes off the page's own thread. Answers come in the order of the questions. */
export interface Decoder {
  snapshot(url: string): Promise<Snapshot>;
  frame(bytes: ArrayBuffer, offset: number): Promise<Rows[]>;
  close(): void;
}

/** An answer of the server that is an error. status is 0 when there was none. */
export class AnswerError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export function startDecoder(): Decoder {
  const worker = new Worker(new URL('./decoder.worker.ts', import.meta.url), { type: 'module', name: 'decoder' });
  const waiting = new Map<number, { resolve: (a: Answer & { pieces: Rows[] }) => void; reject: (e: Error) => void }>();
  let last = 0;
  worker.onmessage = (event: MessageEvent<Answer>) => {
    const answer = event.data;
    const who = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) who?.reject(new AnswerError(answer.error, answer.status ?? 0));
    else who?.resolve(answer);
  };
  worker.onerror = (event) => {
    for (const who of waiting.values()) who.reject(new Error(`the decoder failed: ${event.message}`));
    waiting.clear();
  };
  const ask = (what: { url: string } | { bytes: ArrayBuffer; offset: number }) =>
    new Promise<Answer & { pieces: Rows[] }>((resolve, reject) => {
      const request = { ...what, id: ++last } as Request;
      waiting.set(last, { resolve, reject });
      worker.postMessage(request, 'bytes' in what ? [what.bytes] : []);
    });
  return {
    snapshot: async (url) => {
      const a = (await ask({ url })) as { pieces: Rows[]; sequence?: string; more?: boolean; bytes: number };
      return { pieces: a.pieces, sequence: a.sequence ?? '', more: a.more ?? false, bytes: a.bytes };
    },
    frame: async (bytes, offset) => (await ask({ bytes, offset })).pieces,
    close: () => worker.terminate(),
  };
}
