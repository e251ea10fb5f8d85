// Many points on a canvas: stamped into an image of its own, without a call of
// the canvas for each. A million points take some ten milliseconds.

import { finish, strides, type Steps } from '../data/steps';

/** An image that is written into by pixels and put on a canvas at once. */
export class Raster {
  readonly pixels: Uint32Array;
  private readonly image: ImageData | null;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.image = typeof ImageData === 'undefined' ? null : new ImageData(Math.max(1, width), Math.max(1, height));
    this.pixels = this.image ? new Uint32Array(this.image.data.buffer) : new Uint32Array(width * height);
  }

  clear(): void {
    this.pixels.fill(0);
  }

  /** Puts it on a canvas of its size, over what is there. */
  paint(context: CanvasRenderingContext2D, scratch: HTMLCanvasElement): void {
    if (!this.image) return;
    if (scratch.width !== this.width || scratch.height !== this.height) {
      scratch.width = this.width;
      scratch.height = this.height;
    }
    scratch.getContext('2d')!.putImageData(this.image, 0, 0);
    context.drawImage(scratch, 0, 0);
  }
}

/** A color as its parts, 0 to 255. */
export interface Rgb {
  r: number;
  g: number;
  b: number;
}

/** Reads #rrggbb. */
export function rgb(hex: string): Rgb {
  const n = parseInt(hex.slice(1), 16);
  return { r: (n >> 16) & 255, g: (n >> 8) & 255, b: n & 255 };
}

/** A color as a pixel, fully opaque. */
export function pixel({ r, g, b }: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Where points lie on a raster, in its pixels; NaN lies nowhere. */
export interface Points {
  x: Float32Array;
  y: Float32Array;
}

/** A stamp: how much of each pixel around a point a disc covers, 0 to 255. */
interface Stamp {
  size: number;
  cover: Uint8Array;
}

/** A disc of a radius in pixels, with soft edges. */
export function disc(radius: number): Stamp {
  const half = Math.max(0, Math.ceil(radius - 0.5));
  const size = 2 * half + 1;
  const cover = new Uint8Array(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const d = Math.hypot(x - half, y - half);
      // A hint of color would be shown in another one: what is put on a canvas is rounded there.
      const part = Math.min(1, Math.max(0, radius + 0.5 - d));
      cover[y * size + x] = part < 0.15 ? 0 : 255 * part;
    }
  return { size, cover };
}

/** How points are stamped. */
export interface Stamping {
  /** In pixels of the raster. */
  radius: number;
  color: number;
  /** Only points whose flag is this one; without flags all. */
  flags?: Uint8Array | null;
  flag?: number;
}

/** Stamps a disc at each of the points, in their order, and returns how many lie on the raster. */
export function* stamping(raster: Raster, points: Points, how: Stamping): Steps<number> {
  const shape = disc(how.radius);
  let drawn = 0;
  yield* strides(points.x.length, (from, to) => (drawn += stampSome(raster, points, shape, how, from, to)), 4096);
  return drawn;
}

/** stamping, at once. */
export function stamp(raster: Raster, points: Points, how: Stamping): number {
  return finish(stamping(raster, points, how));
}

function stampSome(raster: Raster, { x, y }: Points, { size, cover }: Stamp, { color, flags, flag }: Stamping, from: number, to: number): number {
  const { width, height, pixels } = raster;
  const half = (size - 1) >> 1;
  let drawn = 0;
  for (let i = from; i < to; i++) {
    if (flags && flags[i] !== flag) continue;
    const px = Math.round(x[i]);
    const py = Math.round(y[i]);
    if (!(px >= 0 && px < width && py >= 0 && py < height)) continue;
    drawn++;
    if (size === 1) {
      pixels[py * width + px] = color;
      continue;
    }
    for (let sy = 0; sy < size; sy++) {
      const row = py - half + sy;
      if (row < 0 || row >= height) continue;
      for (let sx = 0; sx < size; sx++) {
        const column = px - half + sx;
        const c = cover[sy * size + sx];
        if (c === 0 || column < 0 || column >= width) continue;
        const at = row * width + column;
        // In a crowd most pixels have the color already.
        if (pixels[at] !== color) pixels[at] = c === 255 ? color : blend(pixels[at], color, c);
      }
    }
  }
  return drawn;
}

/** A color over a pixel, covering a part of it. */
function blend(under: number, over: number, cover: number): number {
  const below = under >>> 24;
  if (below === 0) return ((cover << 24) | (over & 0xffffff)) >>> 0;
  const b = (under >>> 16) & 255;
  const g = (under >>> 8) & 255;
  const r = under & 255;
  const mixedB = (b + ((((over >>> 16) & 255) - b) * cover) / 255) & 255;
  const mixedG = (g + ((((over >>> 8) & 255) - g) * cover) / 255) & 255;
  const mixedR = (r + (((over & 255) - r) * cover) / 255) & 255;
  const alpha = Math.min(255, below + cover - ((below * cover) >> 8));
  return ((alpha << 24) | (mixedB << 16) | (mixedG << 8) | mixedR) >>> 0;
}

/** A good radius for so many points on so much room, in device pixels. */
export function radiusFor(count: number, area: number, density: number): number {
  if (count > 200_000) return 0.5 * density;
  const ideal = Math.sqrt(area / Math.max(1, count)) * 0.22;
  return Math.min(3.4, Math.max(count > 30_000 ? 0.9 : 1.25, ideal)) * density;
}

/** Finds the point nearest to a place; made anew when points move. */
export class Nearest {
  private readonly cell = 24;
  private readonly across: number;
  private readonly starts: Uint32Array;
  private readonly sorted: Uint32Array;

  constructor(
    private readonly points: Points,
    width: number,
    height: number,
  ) {
    this.across = Math.ceil(width / this.cell) + 1;
    const down = Math.ceil(height / this.cell) + 1;
    const counts = new Uint32Array(this.across * down + 1);
    const { x, y } = points;
    const at = (i: number) => (x[i] >= 0 && x[i] <= width && y[i] >= 0 && y[i] <= height ? this.index(x[i], y[i]) : -1);
    for (let i = 0; i < x.length; i++) {
      const c = at(i);
      if (c >= 0) counts[c + 1]++;
    }
    for (let c = 1; c < counts.length; c++) counts[c] += counts[c - 1];
    this.starts = counts.slice();
    this.sorted = new Uint32Array(counts[counts.length - 1]);
    for (let i = 0; i < x.length; i++) {
      const c = at(i);
      if (c >= 0) this.sorted[counts[c]++] = i;
    }
  }

  /** The index of the nearest point within a distance, or -1. */
  find(px: number, py: number, within: number): number {
    const { x, y } = this.points;
    let best = -1;
    let distance = within * within;
    const down = (this.starts.length - 1) / this.across;
    const [c0, c1] = this.span(px, within, this.across);
    const [r0, r1] = this.span(py, within, down);
    for (let r = r0; r <= r1; r++)
      for (let c = c0; c <= c1; c++) {
        const cell = r * this.across + c;
        for (let k = this.starts[cell]; k < this.starts[cell + 1]; k++) {
          const i = this.sorted[k];
          const d = (x[i] - px) ** 2 + (y[i] - py) ** 2;
          if (d <= distance) {
            distance = d;
            best = i;
          }
        }
      }
    return best;
  }

  private index(x: number, y: number): number {
    return Math.floor(y / this.cell) * this.across + Math.floor(x / this.cell);
  }

  private span(at: number, within: number, cells: number): [number, number] {
    return [Math.max(0, Math.floor((at - within) / this.cell)), Math.min(cells - 1, Math.floor((at + within) / this.cell))];
  }
}
