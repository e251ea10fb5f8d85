// Learning curves in a browser: of a search that stops tasks early, of one that
// runs, and of exported files.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { until } from '../look.mjs';
import { stopping } from '../searches.mjs';
import { end } from '../world.mjs';

const panel = 'section[aria-label="Learning curves"]';
const shown = (page, n) => until(page, ([p, want]) => Number(document.querySelector(`${p} canvas[data-curves]`)?.dataset.curves) === want, [panel, n]);

/** The tasks of the search "curves" by how they ended. */
async function tasks(world) {
  await world.need('curves');
  const all = await world.tasks('curves');
  const stopped = all.filter((t) => t.state === 'finished' && t.stopped_at !== undefined && t.stopped_at !== null);
  return { all, stopped, finished: all.filter((t) => t.state === 'finished' && !stopped.includes(t)), failed: all.filter((t) => t.state === 'failed') };
}

export default {
  async 'learning curves: every task that reports has one, those that were stopped early are marked'({ page, origin, world }) {
    const t = await tasks(world);
    assert.ok(t.stopped.length >= 10 && t.failed.length >= 1, `${t.stopped.length} were stopped, ${t.failed.length} failed`);
    await page.goto(`${origin}/#/curves/explore`);
    await shown(page, t.all.length);
    for (const ending of ['finished', 'stopped', 'failed']) {
      assert.match(await page.locator(`${panel} [data-ending=${ending}]`).innerText(), new RegExp(`\\s${t[ending].length}$`));
    }
    const best = t.finished.sort((a, b) => a.loss - b.loss)[0];
    const said = await page.locator(`${panel} .plot .hidden`).innerText();
    assert.match(said, new RegExp(`${t.all.length} tasks report loss, ${t.stopped.length} were stopped early, ${t.failed.length} failed.*The best, task ${best.number},`));
    return `${t.all.length} tasks, ${t.stopped.length} stopped early`;
  },

  async 'learning curves: hovering names the task, a click picks it, the filter and the table are of the same tasks'({ page, origin, world }) {
    const t = await tasks(world);
    await page.goto(`${origin}/#/curves/explore`);
    await shown(page, t.all.length);
    await page.locator(panel).scrollIntoViewIfNeeded();
    const box = await page.locator(`${panel} canvas[data-curves]`).boundingBox();
    for (let i = 1; i < 40 && (await page.locator(`${panel} .tip`).count()) === 0; i++) await page.mouse.move(box.x + box.width / 2, box.y + (box.height * i) / 40);
    const named = /Task (\d+), (finished|stopped early|failed)/.exec(await page.locator(`${panel} .tip strong`).innerText());
    assert.ok(named);
    await page.mouse.down();
    await page.mouse.up();
    await until(page, (n) => new URLSearchParams(location.hash.split('?')[1]).get('pick') === n, named[1]);
    await page.goto(`${origin}/#/curves/explore?where=${encodeURIComponent('not (stopped_at == nil)')}`);
    await shown(page, t.stopped.length);
    await page.locator(panel).getByRole('button', { name: 'Table' }).click();
    await until(page, ([p, n]) => document.querySelectorAll(`${p} tbody tr`).length === n, [panel, t.stopped.length]);
    const first = await page.locator(`${panel} tbody tr`).first().innerText();
    const best = t.stopped.sort((a, b) => a.loss - b.loss)[0];
    assert.match(first, new RegExp(`^${best.number}\\s+stopped early\\s+${best.stopped_at}\\s+${best.stopped_at}\\s`));
  },

  async 'learning curves: they grow while the search runs'({ page, origin, world }) {
    world.write('growing.yaml', stopping('growing', 2000, 30));
    const search = world.start('run', 'growing.yaml');
    try {
      await page.goto(`${origin}/#/growing/overview`);
      await until(page, () => Number(document.querySelector('[data-count=finished]')?.textContent) > 5, undefined, 30000);
      await page.goto(`${origin}/#/growing/explore`);
      await until(page, (p) => document.querySelector(`${p} [data-ending=running]:not(.none)`), panel);
      const before = Number(await page.locator(`${panel} canvas[data-curves]`).getAttribute('data-curves'));
      await until(page, ([p, n]) => Number(document.querySelector(`${p} canvas[data-curves]`)?.dataset.curves) >= n + 2, [panel, before], 30000);
    } finally {
      await end(search);
    }
  },

  async 'learning curves: exported files have them, and one that has not says so'({ page, world }) {
    const t = await tasks(world);
    for (const format of ['parquet', 'csv']) {
      const file = join(world.dir, `saved.${format}`);
      await world.execute('export', 'curves', '-o', file);
      const { child, url, origin } = await world.serve(file, ...(format === 'csv' ? ['--minimize', 'loss'] : []));
      await page.goto(url);
      const [{ id }] = await page.evaluate(() => fetch('api/networks').then((r) => r.json()));
      await page.goto(`${origin}/#/${id}/explore`);
      if (format === 'parquet') await shown(page, t.all.length);
      else await until(page, (p) => /does not have what tasks reported/.test(document.querySelector(p)?.textContent ?? ''), panel);
      await end(child);
    }
  },
};
