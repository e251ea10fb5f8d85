// What the mouse does to a plot.

import type { Extent, Scale } from './scale';

/** Where in an element something happened. */
export function place(element: Element, event: MouseEvent): [number, number] {
  const r = element.getBoundingClientRect();
  return [event.clientX - r.left, event.clientY - r.top];
}

/** What a scale shows after a turn of the wheel over a pixel of it, which stays where it is. */
export function zoomed(s: Scale, p: number, event: WheelEvent): Extent {
  const k = Math.exp(Math.sign(event.deltaY) * 0.18);
  return { low: s.back(p + (s.start - p) * k), high: s.back(p + (s.end - p) * k) };
}

/** An action: the wheel over an element, which may keep the page from scrolling. */
export function wheeling(node: HTMLElement, turned: (event: WheelEvent) => void) {
  node.addEventListener('wheel', turned, { passive: false });
  return { destroy: () => node.removeEventListener('wheel', turned) };
}
