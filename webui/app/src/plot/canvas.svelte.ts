// A canvas that is as large as its box and as sharp as the screen.

import { untrack } from 'svelte';
import { color } from '../shell/theme.svelte';
import type { Look } from './axes';
import type { Steps } from '../data/steps';
import type { Painter } from './painter';

export interface Size {
  width: number;
  height: number;
  /** Device pixels in a CSS pixel. */
  density: number;
}

/** Follows the size of an element. Call it while a component is made. */
export function sizeOf(element: () => HTMLElement | undefined): { readonly value: Size } {
  let value = $state.raw<Size>({ width: 0, height: 0, density: 1 });
  $effect(() => {
    const box = element();
    if (!box) return;
    const measure = () => (value = { width: box.clientWidth, height: box.clientHeight, density: Math.min(3, window.devicePixelRatio || 1) });
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    measure();
    return () => observer.disconnect();
  });
  return {
    get value() {
      return value;
    },
  };
}

/**
 * Paints a plot whenever what depends reads has changed, while the element is
 * in sight. What takes long in it yields; what shows has to be done in one go,
 * or on a Stage. What painting throws, the component throws, for the panel around
 * it to say. Call it while a component is made.
 */
export function painting(painter: Painter, element: () => HTMLElement | undefined, depends: () => unknown, paint: () => Steps<void>): void {
  let inSight = $state(false);
  let failure = $state.raw<{ error: unknown } | null>(null);
  const key = {};
  $effect(() => {
    const box = element();
    if (!box) return;
    const observer = new IntersectionObserver((entries) => (inSight = entries.at(-1)!.isIntersecting), { rootMargin: '100px' });
    observer.observe(box);
    return () => observer.disconnect();
  });
  $effect(() => {
    depends();
    if (inSight) painter.want(key, () => untrack(paint), (error) => (failure = { error }));
  });
  $effect(() => {
    if (failure) throw failure.error;
  });
  $effect(() => () => painter.forget(key));
}

/** Makes a canvas ready to be drawn on in CSS pixels, empty. Null when there is no room. */
export function prepare(canvas: HTMLCanvasElement, size: Size): CanvasRenderingContext2D | null {
  if (size.width < 20 || size.height < 20) return null;
  const w = Math.round(size.width * size.density);
  const h = Math.round(size.height * size.density);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext('2d')!;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, w, h);
  context.setTransform(size.density, 0, 0, size.density, 0, 0);
  return context;
}

/** A canvas behind another, on which a plot is painted in steps and then shown at once. */
export class Stage {
  private readonly behind = document.createElement('canvas');

  /** Like prepare, for what is not yet seen. */
  prepare(size: Size): CanvasRenderingContext2D | null {
    return prepare(this.behind, size);
  }

  /** Puts what was painted on the canvas. */
  show(canvas: HTMLCanvasElement, size: Size): void {
    const c = prepare(canvas, size);
    if (!c) return;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.behind, 0, 0);
  }
}

/** How plots look now. */
export function look(): Look {
  const style = getComputedStyle(document.body);
  return {
    grid: color('plot-grid'),
    axis: color('plot-axis'),
    text: color('plot-text'),
    font: style.fontFamily,
    size: Math.round(parseFloat(style.fontSize) * 0.88),
  };
}
