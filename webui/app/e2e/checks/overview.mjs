// The overview: how it stands.

import assert from 'node:assert/strict';
import { badge, counted, counts, enter, go, live, number, ofStore, panel, shown, text, until } from '../look.mjs';
import { mixed } from '../searches.mjs';

export default {
  async 'the overview of 100,000 tasks is there soon, with the counts of the store'({ page, origin, world }) {
    await world.need('large');
    await page.goto('about:blank');
    const began = Date.now();
    await go(page, origin, '#/large/overview');
    const want = ofStore(await world.counts('large'));
    assert.ok(want.finished > 99_990);
    await counted(page, 'finished', want.finished);
    await until(page, () => Number(document.querySelector('canvas[data-points]')?.dataset.points) > 0);
    const took = Date.now() - began;
    assert.deepEqual(await counts(page), want);
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    assert.ok(paint < 3000, `the first paint was after ${paint} ms`); // bench-ui measures it on a quiet machine
    return `first paint ${Math.round(paint)} ms, drawn after ${took} ms`;
  },

  async 'the overview shows the best task, the rate, the time of the workers and the newest failures of the store'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/overview');
    await live(page);
    const tasks = await world.tasks('digits');
    const best = tasks.filter((t) => t.state === 'finished').sort((a, b) => a.loss - b.loss)[0];
    await until(page, (n) => document.querySelector('section[aria-label="Best so far"]')?.textContent.includes(`task ${n}`), best.number);
    const value = number(await text(page, 'section[aria-label="Best so far"] .value'));
    assert.ok(Math.abs(value - best.loss) < 1e-3 * Math.abs(best.loss), `the best is ${value}, in the store ${best.loss}`);
    assert.match(await panel(page, 'Rate').innerText(), /\d/);
    assert.match(await panel(page, 'Workers').innerText(), /% .*evaluating/);
    const messages = new Set(tasks.filter((t) => t.state === 'failed').map((t) => t.condition.slice(0, 40)));
    assert.ok(messages.size >= 3);
    assert.equal(await page.locator('section[aria-label="Newest failures"] li').count(), Math.min(5, messages.size));
  },

  async 'the time that is left is told while a search with a limit runs'({ page, origin, world }) {
    await world.need('live');
    await go(page, origin, '#/live/overview');
    await until(page, () => /about .+ left/.test(document.querySelector('section[aria-label=Rate]')?.textContent ?? ''));
    // The list of networks knows the limit, too: its bar is as full as the run.
    await go(page, origin, '#/');
    const card = page.locator('li', { has: page.locator('a[href="#/live/overview"]') });
    await card.getByText(/^[\d,]+ of 1,000,000 tasks$/).waitFor();
    const [bar, rest] = await Promise.all(['.bar', '.bar .rest'].map(async (s) => (await card.locator(s).boundingBox()).width));
    assert.ok(rest / bar > 0.8, `${rest} of ${bar} pixels are to come`);
    assert.match(await card.locator('.bar').getAttribute('aria-label'), /of 1,000,000$/);
  },

  async 'the page of a search that is over says that it is up to date'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/overview');
    await until(page, () => document.querySelector('.badge.live')?.textContent.includes('Up to date'));
    await until(page, () => document.querySelector('section[aria-label=Run]')?.textContent.includes('done'));
  },

  async 'results stream in while the search runs'({ page, origin, world }) {
    await world.need('live');
    await go(page, origin, '#/live/explore');
    await live(page);
    const rows = () => page.evaluate(() => Number(document.querySelector('canvas[data-rows]')?.dataset.rows ?? 0));
    await until(page, () => document.querySelector('canvas[data-rows]'));
    const before = await rows();
    await until(page, (n) => Number(document.querySelector('canvas[data-rows]').dataset.rows) >= n, before + 20);
    return `${(await rows()) - before} more rows`;
  },

  async 'the server is killed: the page says so within 2 s, and counts are those of the store when it is back'({ page, world }) {
    world.write('back.yaml', mixed('back', 400, 2));
    const searching = world.run('back.yaml');
    while (!(await world.has('back'))) await page.waitForTimeout(100);
    const first = await world.serve('back', '--port', '0');
    const port = new URL(first.url).port;
    await enter(page, first.url, '#/back/overview');
    await live(page);
    first.child.kill('SIGKILL');
    const began = Date.now();
    await badge(page, 'stale', 2000);
    const noticed = Date.now() - began;
    await searching.catch(() => {});
    await world.serve('back', '--port', port);
    await live(page);
    const want = ofStore(await world.counts('back'));
    assert.equal(want.finished + want.failed, 400);
    for (const [state, n] of Object.entries(want)) await counted(page, state, n);
    await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
    await shown(page, 400, 400);
    return `noticed after ${noticed} ms`;
  },
};
