// What holds for the page as a whole: its size, and that nothing hostile gets in.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const app = join(import.meta.dirname, '..');
const dist = join(app, '../dist');

function files(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name));
}

describe('the built page', () => {
  it('has at most 150 KB of JavaScript, gzipped', () => {
    const sizes = files(dist)
      .filter((f) => f.endsWith('.js'))
      .map((f) => gzipSync(readFileSync(f), { level: 9 }).length);
    const kilobytes = sizes.reduce((a, b) => a + b, 0) / 1024;
    console.log(`JavaScript: ${kilobytes.toFixed(1)} KB gzipped in ${sizes.length} files`);
    expect(sizes.length).toBeGreaterThan(1);
    expect(kilobytes).toBeLessThanOrEqual(150);
  });

  it('asks nobody else for anything, and has no inline script or style', () => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/<style|style=|\son\w+=/);
    for (const m of html.matchAll(/(?:src|href)="([^"]+)"/g)) expect(m[1]).toMatch(/^\.\//);
    for (const f of files(dist).filter((f) => f.endsWith('.css'))) expect(readFileSync(f, 'utf8')).not.toMatch(/url\((?!["']?data:)/);
  });
});

describe('the sources', () => {
  const sources = files(join(app, 'src')).filter((f) => /\.(svelte|ts)$/.test(f));
  it('never put text into the page as HTML', () => {
    for (const f of sources) {
      expect(readFileSync(f, 'utf8'), f).not.toMatch(/\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
    }
  });
  it('have no style attributes, which the policy forbids', () => {
    for (const f of sources.filter((f) => f.endsWith('.svelte'))) expect(readFileSync(f, 'utf8'), f).not.toMatch(/\sstyle="/);
  });
  it('have no file that is two', () => {
    for (const f of sources) expect(readFileSync(f, 'utf8').split('\n').length, f).toBeLessThanOrEqual(400);
  });
});
