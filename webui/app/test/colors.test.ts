import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, difference, light, seen, SIGHTS } from '../src/style/colors';

const css = readFileSync(new URL('../src/style/tokens.css', import.meta.url), 'utf8');
const block = (selector: string) => Object.fromEntries([...css.slice(css.indexOf(`\n${selector} {`)).split('\n}')[0].matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
const themes: Record<string, Record<string, string>> = { light: block(':root'), dark: { ...block(':root'), ...block(':root.dark') } };
const states = ['finished', 'running', 'queued', 'deferred', 'failed', 'pruned'];
const grounds = ['panel', 'ground', 'hover', 'raised', 'accent-soft'];
const pairs = <T>(all: T[]): [T, T][] => all.flatMap((a, i) => all.slice(i + 1).map((b): [T, T] => [a, b]));

describe.each(Object.entries(themes))('the colors of the %s theme', (_, theme) => {
  const of = (name: string) => light(theme[name]);
  it('are read from the style sheet', () => expect(Object.keys(theme).length).toBeGreaterThan(30));

  it.each(SIGHTS)('tell states apart with %s sight, four times what is just seen', (sight) => {
    const close = pairs(states).filter(([a, b]) => difference(seen(of(a), sight), seen(of(b), sight)) < 7.5);
    expect(close).toEqual([]);
  });
  it.each(SIGHTS)('tell what is best from the other points with %s sight', (sight) => {
    for (const best of ['plot-best', 'plot-mark']) expect(difference(seen(of('plot-point'), sight), seen(of(best), sight))).toBeGreaterThan(15);
  });
  it('have text with a contrast of 4.5 to what it is on', () => {
    const faint = ['text', 'muted', 'accent', 'bad', 'good', 'warn'].flatMap((text) => grounds.filter((on) => contrast(of(text), of(on)) < 4.5).map((on) => `${text} on ${on}`));
    expect(faint).toEqual([]);
    for (const kind of ['bad', 'good', 'warn', 'accent']) expect(contrast(of(kind), of(`${kind}-soft`))).toBeGreaterThan(4.5);
    expect(contrast(of('on-accent'), of('accent'))).toBeGreaterThan(4.5);
  });
  it('have graphics with a contrast of 3', () => {
    const faint = [...states, 'focus', 'accent'].flatMap((shape) => grounds.filter((on) => contrast(of(shape), of(on)) < 3).map((on) => `${shape} on ${on}`));
    expect(faint).toEqual([]);
    for (const shape of ['plot-point', 'plot-best', 'plot-mark', 'plot-axis', 'plot-text']) expect(contrast(of(shape), of('panel'))).toBeGreaterThan(3);
  });
});
