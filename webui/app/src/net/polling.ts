// Asking the server again and again while somebody looks.

/** How long to wait between two answers, in ms: while the page is seen, and while it is not. */
const [SEEN, HIDDEN] = [2000, 15000];

/**
 * Loads now and after each answer, until what is returned is called. failed is
 * told what went wrong, and empty text when nothing does any more.
 */
export function polling(load: (signal: AbortSignal) => Promise<void>, failed: (problem: string) => void): () => void {
  const ending = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async () => {
    try {
      await load(ending.signal);
      failed('');
    } catch (error) {
      if (ending.signal.aborted) return;
      failed(error instanceof Error ? error.message : String(error));
    }
    if (!ending.signal.aborted) timer = setTimeout(turn, document.visibilityState === 'visible' ? SEEN : HIDDEN);
  };
  void turn();
  return () => {
    ending.abort();
    clearTimeout(timer);
  };
}
