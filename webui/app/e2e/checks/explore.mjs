// The plots. They are painted when they are in sight: the window is tall here.

import assert from 'node:assert/strict';
import { drag, eventually, go, panel, pictures, shown, until } from '../look.mjs';

/** The points and rows of each plot of points, once none of them waits to be painted. */
const clouds = (page, n, rows) =>
  until(
    page,
    ([points, all]) => {
      const plots = [...document.querySelectorAll('canvas[data-points]')].map((c) => [Number(c.dataset.points), Number(c.dataset.rows)]);
      return plots.length > 0 && plots.every(([p, r]) => p === points && r === all) ? plots.length : 0;
    },
    [n, rows],
    30000,
  ).catch(async (error) => {
    const plots = await page.locator('canvas[data-points]').evaluateAll((all) => all.map((c) => `${c.dataset.points} of ${c.dataset.rows}`));
    throw new Error(`expected ${n} points of ${rows} rows in every plot, found ${plots.join(', ')}`, { cause: error });
  });
const tall = (page) => page.setViewportSize({ width: 1280, height: 3200 });
const parallel = (page) => panel(page, 'Parallel coordinates');

async function brushed(page) {
  return until(page, () => Number(/([\d,]+) brushed of/.exec(document.querySelector('.tools [role=status]')?.textContent ?? '')?.[1].replaceAll(',', '')));
}

export default {
  async 'the points drawn are the rows: 10,000 and 100,000'({ page, origin, world }) {
    await world.need('branin', 'large');
    await tall(page);
    const plots = [];
    for (const network of ['branin', 'large']) {
      const { finished } = await world.counts(network);
      await go(page, origin, `#/${network}/explore?state=finished`);
      plots.push(await clouds(page, finished, finished));
    }
    return `${plots.join(' and ')} plots`;
  },

  async 'a brush on one plot changes every plot, and the table'({ page, origin, world }) {
    await world.need('digits');
    await tall(page);
    await go(page, origin, '#/digits/explore?state=finished');
    const { finished } = await world.counts('digits');
    assert.ok((await clouds(page, finished, finished)) >= 6);
    const told = () => page.locator('.canvases > p.hidden').allTextContents();
    const [before, words] = [await pictures(page), await told()];
    await drag(page, page.locator('canvas[data-points]').first(), [0.3, 0.3], [0.6, 0.85]);
    await until(page, () => location.hash.includes('brush='));
    const n = await brushed(page);
    assert.ok(n > 5 && n < finished, `${n} brushed`);
    // A map of means is about all tasks.
    const unchanged = async () => (await pictures(page)).map((p, i) => (p === before[i] ? words[i] : '')).filter((w) => w && !/mean/i.test(w));
    assert.deepEqual(await eventually(unchanged, (same) => same.length === 0), []);
    assert.notDeepEqual(await told(), words);
    await page.getByRole('link', { name: 'As a table' }).click();
    await shown(page, n, 300);
  },

  async 'an axis of the parallel coordinates is brushed by a drag and let go by a click'({ page, origin, world }) {
    await world.need('digits');
    await tall(page);
    await go(page, origin, '#/digits/explore?state=finished');
    const plot = parallel(page).locator('.canvases');
    await until(page, () => document.querySelector('canvas[data-lines]')?.height > 100);
    await page.waitForTimeout(500);
    const box = await plot.boundingBox();
    const side = 60 / box.width; // the first axis
    await drag(page, plot, [side, 0.3], [side, 0.6]);
    const label = await until(page, () => /brush=[^&]*~([^&]+)/.exec(decodeURIComponent(location.hash))?.[1]);
    assert.equal(label, 'rate');
    const n = await brushed(page);
    await until(page, (k) => document.querySelector('section[aria-label="Parallel coordinates"] p.hidden').textContent.includes(`${k} brushed`), n);
    await drag(page, plot, [side, 0.5], [side, 0.5]);
    await until(page, () => !location.hash.includes('brush='));
  },

  async 'parallel coordinates have a line for each of 2,000 tasks, and bands above'({ page, origin, world }) {
    await world.need('branin');
    await tall(page);
    for (const [where, n, words] of [['number < 2000', '2,000', 'a line each'], ['number < 2001', '2,001', 'as how dense they lie, the 25 best over the others'], ['', '10,000', 'as how dense they lie, the 25 best over the others']]) {
      await go(page, origin, `#/branin/explore?where=${encodeURIComponent(where)}`);
      await until(page, ([count, how]) => [count, how].every((w) => document.querySelector('section[aria-label="Parallel coordinates"] p.hidden')?.textContent.includes(w)), [`${n} tasks`, words]);
    }
    // Density is seen: no color has most of the plot, and there are many.
    const seen = await until(page, () => {
      const canvas = document.querySelector('canvas[data-lines="10000"]');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const colors = new Map();
      for (const v of new Uint32Array(data.buffer)) if (v >>> 24 > 0) colors.set(v, (colors.get(v) ?? 0) + 1);
      const all = [...colors.values()].reduce((a, b) => a + b, 0);
      return all > 10_000 && { colors: colors.size, most: Math.max(...colors.values()) / all };
    });
    assert.ok(seen.colors > 300 && seen.most < 0.2, JSON.stringify(seen));
    return `${seen.colors} colors`;
  },

  async 'log axes are those of the search space, and can be switched'({ page, origin, world }) {
    await world.need('digits');
    await tall(page);
    const { finished } = await world.counts('digits');
    await go(page, origin, '#/digits/explore?state=finished&x=rate&y=loss');
    await clouds(page, finished, finished);
    const scatter = panel(page, 'Scatter');
    const x = scatter.locator('label.log input').first();
    assert.ok(await x.isChecked(), 'rate is on a log scale in the search space');
    const picture = async () => (await scatter.locator('canvas').first().evaluate((c) => c.toDataURL()));
    const log = await picture();
    await x.click();
    await until(page, () => location.hash.includes('logx=0'));
    assert.notEqual(await eventually(picture, (now) => now !== log), log);
    await clouds(page, finished, finished);
    await page.reload();
    await scatter.locator('label.log input').first().waitFor();
    assert.ok(!(await scatter.locator('label.log input').first().isChecked()), 'the address keeps it');
  },

  async 'the best share of the tasks is brushed by a click'({ page, origin, world }) {
    await world.need('branin');
    await go(page, origin, '#/branin/explore');
    for (const [share, n] of [['1 %', 100], ['10 %', 1000], ['25 %', 2500]]) {
      await page.getByRole('button', { name: share, exact: true }).click();
      await until(page, (want) => document.querySelector('.tools [role=status]')?.textContent.startsWith(`${want} brushed`), n.toLocaleString('en-US'));
    }
    await page.getByRole('link', { name: 'As a table' }).click();
    await shown(page, 2500, 10_000);
  },

  async 'the Pareto front has the tasks that no other one is better than'({ page, origin, world }) {
    await world.need('digits');
    await tall(page);
    await go(page, origin, '#/digits/explore?state=finished');
    const all = await world.tasks('digits', '--state', 'finished');
    const front = all.filter((t) => !all.some((o) => o.loss <= t.loss && o.seconds <= t.seconds && (o.loss < t.loss || o.seconds < t.seconds)));
    const said = await until(page, () => /(\d+) on the front/.exec(document.querySelector('section[aria-label="Pareto front"] p.hidden')?.textContent ?? '')?.[1]);
    assert.equal(Number(said), front.length);
  },

  async 'contours have a surface, a legend in words, and cells for categories'({ page, origin, world }) {
    await world.need('digits');
    const { finished } = await world.counts('digits');
    await tall(page);
    await go(page, origin, '#/digits/explore');
    await until(page, (n) => Number(document.querySelector('canvas[data-contour]')?.dataset.contour) === n, finished);
    const said = await until(page, () => document.querySelector('section[aria-label="Contours of loss"] p.hidden')?.textContent);
    assert.match(said, /a smooth surface through \d+ points, from .* to .*, lowest near rate .*, layers \d\. \d+ % of the plot/);
    await page.locator('section[aria-label="Contours of loss"] select').nth(1).selectOption('kernel');
    await until(page, () => /in \d+ cells/.test(document.querySelector('section[aria-label="Mean loss"] p.hidden')?.textContent ?? ''));
    assert.match(page.url(), /cy=kernel/);
  },

  async 'parameters that matter are computed when asked for'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/explore');
    await page.getByRole('button', { name: 'Compute' }).click();
    await until(page, () => document.querySelectorAll('section[aria-label="Which parameters matter"] tbody tr').length >= 4, undefined, 60000);
  },

  async 'another network is beside this one in a plot'({ page, origin, world }) {
    await world.need('digits', 'large');
    await tall(page);
    await go(page, origin, '#/digits/explore?with=large');
    await until(page, () => [...document.querySelectorAll('[role=img]')].some((e) => /large/.test(e.getAttribute('aria-label'))), undefined, 30000);
  },
};
