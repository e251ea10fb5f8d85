// Tables to take away.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { go, shown } from '../look.mjs';

const formats = ['parquet', 'arrow', 'csv', 'jsonl'];
const checksum = (b) => createHash('sha256').update(b).digest('hex');

/** What a click on a format's link downloads. */
async function download(page, format) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator(`a[data-format=${format}]`).click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** The tasks of a file, as rush reads it; what has no types is counted by its lines. */
async function rows(world, name, bytes, format) {
  if (format === 'csv') return bytes.toString().trim().split('\n').length - 1;
  if (format === 'jsonl') return bytes.toString().trim().split('\n').length;
  world.write(name, bytes);
  const { stdout } = await world.execute('tasks', name, '--json', '--limit', '0', '--store', join(world.dir, name));
  return stdout.trim().split('\n').length;
}

export default {
  async 'an export in each format has the rows and the checksum of what the store gives'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/export');
    for (const format of formats) {
      const { name, bytes } = await download(page, format);
      assert.equal(name, `digits.${format}`);
      await world.execute('export', 'digits', '-o', join(world.dir, `mine.${format}`));
      const mine = readFileSync(join(world.dir, `mine.${format}`));
      assert.equal(checksum(bytes), checksum(mine), `${format}: ${bytes.length} bytes, and ${mine.length} by the command line`);
      assert.equal(await rows(world, `theirs.${format}`, bytes, format), 300, format);
    }
  },

  async 'an export has what the filter shows, or all'({ page, origin, world }) {
    await world.need('digits');
    const where = 'loss < 2 and layers in [3, 4, 5]';
    await go(page, origin, `#/digits/tasks?where=${encodeURIComponent(where)}`);
    const [n] = await shown(page);
    assert.ok(n > 0 && n < 300);
    await page.getByRole('link', { name: 'Export', exact: true }).last().click();
    for (const format of formats) {
      const { bytes } = await download(page, format);
      assert.equal(await rows(world, `some.${format}`, bytes, format), n, format);
    }
    await page.getByRole('checkbox', { name: /^all/ }).check();
    assert.equal(await rows(world, 'all.csv', (await download(page, 'csv')).bytes, 'csv'), 300);
  },

  async 'a CSV is exact, and safe for spreadsheets when asked for'({ page, origin, world }) {
    await world.fill('formula', 'formula');
    await go(page, origin, '#/formula/export');
    assert.ok((await download(page, 'csv')).bytes.toString().includes(',=1+1'));
    await page.getByRole('checkbox', { name: /safe for spreadsheets/ }).check();
    assert.ok((await download(page, 'csv')).bytes.toString().includes("'=1+1"));
  },

  async '100,000 rows are exported as the store has them'({ page, origin, world }) {
    await world.need('large');
    await go(page, origin, '#/large/export');
    const { bytes } = await download(page, 'csv');
    assert.equal(await rows(world, 'large.csv', bytes, 'csv'), 100_000);
    const { stdout } = await world.execute('export', 'large', '-o', '-', '--format', 'csv');
    assert.equal(checksum(bytes), checksum(stdout));
    return `${(bytes.length / 1e6).toFixed(1)} MB`;
  },
};
