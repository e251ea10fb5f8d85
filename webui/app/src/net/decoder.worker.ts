// The worker beside the page: it fetches snapshots and decodes Arrow, so that
// the page never waits for either.

import { buffersOf, decode } from '../data/decode';
import type { Rows } from '../data/store';

/** What the page asks for. A frame's bytes are handed over. */
export type Request = { id: number; url: string } | { id: number; bytes: ArrayBuffer; offset: number };

/** The answer with the same id. sequence and more are what headers say. */
export type Answer = { id: number; pieces: Rows[]; sequence?: string; more?: boolean; bytes: number } | { id: number; error: string; status?: number };

self.onmessage = async (event: MessageEvent<Request>) => {
  const request = event.data;
  try {
    const answer = 'url' in request ? await snapshot(request.id, request.url) : decoded(request.id, new Uint8Array(request.bytes, request.offset));
    self.postMessage(answer, { transfer: 'pieces' in answer ? buffersOf(answer.pieces) : [] });
  } catch (error) {
    self.postMessage({ id: request.id, error: String(error instanceof Error ? error.message : error) } satisfies Answer);
  }
};

async function snapshot(id: number, url: string): Promise<Answer> {
  const response = await fetch(url, { headers: { Accept: 'application/vnd.apache.arrow.stream' }, credentials: 'same-origin' });
  if (!response.ok) return { id, error: await reason(response), status: response.status };
  const bytes = new Uint8Array(await response.arrayBuffer());
  const answer = decoded(id, bytes);
  return { ...answer, sequence: response.headers.get('Rush-Sequence') ?? '', more: response.headers.has('Rush-More') } as Answer;
}

function decoded(id: number, bytes: Uint8Array): Answer {
  return { id, pieces: bytes.length === 0 ? [] : decode(bytes), bytes: bytes.length };
}

async function reason(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return text || `${response.status} ${response.statusText}`;
  }
}
