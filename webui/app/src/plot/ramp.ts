// Colors from the least to the most.

import { color } from '../shell/theme.svelte';
import { rgb, type Rgb } from './raster';

/** The colors of now, by a share of 0 to 1: what lies beyond has that of the end. */
export function ramp(): (share: number) => Rgb {
  const stops = ['ramp-0', 'ramp-1', 'ramp-2'].map((name) => rgb(color(name)));
  return (share) => {
    const at = 2 * Math.max(0, Math.min(1, share));
    const from = Math.min(1, Math.floor(at));
    const [a, b] = [stops[from], stops[from + 1]];
    const mix = (k: keyof Rgb) => Math.round(a[k] + (b[k] - a[k]) * (at - from));
    return { r: mix('r'), g: mix('g'), b: mix('b') };
  };
}

/** A color as CSS has it. */
export function css({ r, g, b }: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}
