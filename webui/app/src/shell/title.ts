// What the browser's tab shows while nobody looks at the page: how far the run is,
// as words and as a picture.

import type { Counts, Run } from '../net/api';

/** How far a run is, from 0 to 1; NaN when it has no limit. */
export function progress(counts: Counts | null, limit: number): number {
  return counts && limit > 0 ? Math.min(1, (counts.finished + counts.failed) / limit) : NaN;
}

/** The title of the page: "37% · branin · Tasks". What changes comes first, as tabs are narrow. */
export function title(network: string, place: string, run: Run | null, part: number): string {
  if (network === '') return 'rush';
  const word = run?.status === 'running' ? (Number.isNaN(part) ? '▶' : `${Math.floor(100 * part)}%`) : sign(run?.status ?? '');
  return [word, network, place].filter(Boolean).join(' · ');
}

function sign(status: string): string {
  return { done: '✓', failed: '✗', interrupted: '❚❚' }[status] ?? '';
}

/** The picture in the tab, as an address: the mark of rush in a ring that fills; its color and shape are the run's state. */
export function icon(run: Run | null, part: number): string {
  const status = run?.status ?? '';
  const color = { running: '#17a384', done: '#2f86d1', failed: '#d6481c', interrupted: '#a17a00' }[status];
  if (color === undefined) return './icon.svg';
  const around = 2 * Math.PI * 13;
  const filled = status === 'running' && !Number.isNaN(part) ? part : status === 'running' ? 0.25 : 1;
  const inner = {
    running: '<path d="M12.5 10v12l10-6z"/>',
    done: '<path d="M9.5 16.5l4.5 4.5 8.5-9.5" fill="none" stroke-width="3.5"/>',
    failed: '<path d="M11 11l10 10M21 11l-10 10" fill="none" stroke-width="3.5"/>',
    interrupted: '<path d="M11 10h3.5v12h-3.5zM17.5 10h3.5v12h-3.5z"/>',
  }[status];
  const ring = (dash: string, opacity: number) =>
    `<circle cx="16" cy="16" r="13" fill="none" stroke="${color}" stroke-width="4" stroke-opacity="${opacity}" stroke-dasharray="${dash}" transform="rotate(-90 16 16)"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="${color}" stroke="${color}">${inner}</g>${ring('none', 0.25)}${ring(`${(filled * around).toFixed(1)} 99`, 1)}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
