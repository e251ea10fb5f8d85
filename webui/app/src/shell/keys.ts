// The keys that work everywhere.

import type { Session } from './session.svelte';
import type { View } from './route';

const GO: Record<string, View> = { o: 'overview', t: 'tasks', e: 'explore', w: 'workers', l: 'logs', p: 'push', x: 'export' };

/** Answers to a key; views hear of j, k, Enter and x by an event of the page, "rush:key". */
export function keyHandler(session: Session): (event: KeyboardEvent) => void {
  let going = false;
  return (event) => {
    const target = event.target as HTMLElement;
    const typing = target.matches('input, textarea, select, [contenteditable]');
    if (event.key === 'Escape' && typing) target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const went = going && session.network ? GO[event.key] : undefined;
    going = false;
    if (went) session.go({ view: went });
    else if (event.key === 'g') going = true;
    else if (event.key === '?') session.help = true;
    else if (event.key === '/') focusFilter(session);
    else if (['j', 'k', 'x', 'Enter'].includes(event.key) && !(event.key === 'Enter' && target.matches('a, button, summary'))) {
      document.dispatchEvent(new CustomEvent('rush:key', { detail: event.key }));
      return;
    } else return;
    event.preventDefault();
  };
}

function focusFilter(session: Session): void {
  const field = () => document.querySelector<HTMLInputElement>('#where, #search');
  if (field()) return field()!.select();
  if (!session.network) return;
  session.go({ view: 'tasks' });
  requestAnimationFrame(() => field()?.select());
}
