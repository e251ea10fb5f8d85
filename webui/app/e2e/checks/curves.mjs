// Learning curves in a browser: of a search that stops tasks early, of one that
// runs, and of exported files.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { go, live, until } from '../look.mjs';
import { halving, stopping } from '../searches.mjs';
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

/** What moves by itself from when a view shows its first plot, in a new document. */
async function movesOf(page, address) {
  await page.addInitScript(() => {
    window.moves = [];
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) {
        const sources = e.sources.map((s) => s.node).filter((n) => n && n.nodeType === Node.ELEMENT_NODE && n.closest('main'));
        if (sources.length > 0) window.moves.push([e.value.toFixed(4), ...sources.map((n) => n.outerHTML.slice(0, 90))].join(' '));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto('about:blank');
  await page.goto(address);
  await until(page, (p) => Number(document.querySelector(`${p} canvas[data-curves]`)?.dataset.curves) > 0, panel);
  await page.waitForTimeout(500);
  return page.evaluate(() => window.moves);
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
    const said = await page.locator(`${panel} .canvases .hidden`).innerText();
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

  async 'learning curves: points that are promoted have a line over their budgets, the others are marked; the best is of the largest budget'({ page, origin, world }) {
    await world.need('rungs');
    const all = await world.tasks('rungs');
    const goesOn = new Set(all.map((t) => t.from).filter((n) => n !== null && n !== undefined));
    const tips = all.filter((t) => !goesOn.has(t.number));
    const left = tips.filter((t) => t.rung < t.bracket);
    assert.ok(left.length >= 10 && tips.length > left.length, `${left.length} of ${tips.length} points were not promoted`);
    await page.goto(`${origin}/#/rungs/explore`);
    await shown(page, tips.length);
    assert.match(await page.locator(`${panel} [data-ending=left]`).innerText(), new RegExp(`not promoted\\s+${left.length}$`));
    const { best } = JSON.parse((await world.execute('best', 'rungs', '--json')).stdout);
    const said = await page.locator(`${panel} .canvases .hidden`).innerText();
    const most = Math.max(...all.map((t) => t.epochs));
    assert.match(said, new RegExp(`${tips.length} points have loss by epochs, ${left.length} were not promoted\\. The best, task ${best[0].task}, has .* at epochs ${most}\\.`));
    await page.locator(panel).getByRole('button', { name: 'Table' }).click();
    await until(page, ([p, n]) => document.querySelectorAll(`${p} tbody tr`).length === n, [panel, tips.length]);
    // The whole line of each point one of whose tasks the filter shows.
    const top = all.filter((t) => t.epochs === most);
    await page.goto(`${origin}/#/rungs/explore?where=${encodeURIComponent(`epochs == ${most}`)}`);
    await until(page, ([p, n]) => document.querySelectorAll(`${p} tbody tr`).length === n, [panel, top.length]);
    const budgets = await page.locator(`${panel} tbody tr td:nth-child(3)`).allInnerTexts();
    assert.deepEqual([...new Set(budgets)], [String(1 + Math.max(...all.map((t) => t.rung)))]);
    return `${tips.length} points, ${left.length} not promoted`;
  },
};

export const once = {
  async 'learning curves: they have their place before they are read, and before there is any result'({ page, origin, world }) {
    await world.need('curves', 'rungs');
    for (const network of ['curves', 'rungs']) {
      for (const view of ['overview', 'explore']) {
        const moves = await movesOf(page, `${origin}/#/${network}/${view}`);
        assert.deepEqual(moves, [], `${network}/${view}`);
      }
    }
    world.write('slow.yaml', stopping('slow', 20, 3000));
    world.write('slow-rungs.yaml', halving('slow-rungs', 20, 60_000));
    const searches = [world.start('run', 'slow.yaml'), world.start('run', 'slow-rungs.yaml')];
    try {
      while ((await world.counts('slow'))?.running === undefined) await new Promise((r) => setTimeout(r, 200));
      await go(page, origin, '#/slow/explore');
      await live(page);
      await until(page, (p) => document.querySelector(`${p} [data-ending=running]:not(.none)`), panel, 30000);
      assert.equal((await world.counts('slow')).finished, 0, 'a task has finished already');
      await go(page, origin, '#/slow-rungs/explore');
      await until(page, (p) => /No point has been evaluated yet/.test(document.querySelector(p)?.textContent ?? ''), panel, 30000);
    } finally {
      // What runs goes on for a minute or more: it is not waited for.
      for (const network of ['slow', 'slow-rungs']) await world.execute('stop', '--kill', '--network', network);
      await Promise.all(searches.map(end));
    }
  },
};
