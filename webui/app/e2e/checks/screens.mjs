// How the page looks and keeps still: each check gets a world with searches in it,
// and throws when something moves, is lost, or says too little.

import assert from 'node:assert/strict';
import { go, until } from '../look.mjs';
import { mixed } from '../searches.mjs';
import { end } from '../world.mjs';

const heads = (page) => page.locator('[role=columnheader]').evaluateAll((all) => all.map((h) => [h.offsetLeft, h.innerText.trim()]).sort((a, b) => a[0] - b[0]).map((h) => h[1]));

export default {
  async 'columns are moved by mouse and by keys, hidden and shown, and stay so'({ page, origin, world }) {
    await world.need('digits');
    await page.setViewportSize({ width: 1280, height: 720 });
    await go(page, origin, '#/digits/tasks');
    await page.waitForSelector('[role=gridcell]');
    assert.deepEqual((await heads(page)).slice(0, 5), ['number', 'state', 'rate', 'layers', 'kernel']);
    const box = (name) => page.locator('[role=columnheader]', { hasText: new RegExp(`^\\s*${name}\\s*$`) }).boundingBox();
    const [from, to] = [await box('kernel'), await box('rate')];
    await page.mouse.move(from.x + from.width / 2, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(to.x + 4, to.y + 8, { steps: 5 });
    await page.mouse.up();
    await until(page, () => [...document.querySelectorAll('[role=columnheader]')].some((h) => h.innerText.trim() === 'kernel'));
    assert.deepEqual((await heads(page)).slice(0, 5), ['number', 'state', 'kernel', 'rate', 'layers']);
    assert.ok(!page.url().includes('sort='), 'a drag is no click');
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('button', { name: 'Move layers to the left' }).press('Enter');
    await page.getByRole('checkbox', { name: 'state' }).press('Space');
    await page.keyboard.press('Escape');
    assert.deepEqual((await heads(page)).slice(0, 4), ['number', 'kernel', 'layers', 'rate']);
    await page.reload();
    await page.waitForSelector('[role=gridcell]');
    assert.deepEqual((await heads(page)).slice(0, 4), ['number', 'kernel', 'layers', 'rate']);
    await page.getByRole('button', { name: /^Columns/ }).click();
    await page.getByRole('button', { name: 'As it was' }).click();
    assert.deepEqual((await heads(page)).slice(0, 5), ['number', 'state', 'rate', 'layers', 'kernel']);
  },

  async 'the tab says how far the run is, in words and as a picture'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/overview');
    await until(page, () => document.title === '✓ · digits · Overview');
    assert.match(await page.locator('link[rel=icon]').getAttribute('href'), /^data:image\/svg\+xml/);
    await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
    await until(page, () => document.title === '✓ · digits · Tasks');
  },

  async 'a network that is set aside is followed under its new name'({ page, origin, world }) {
    world.write('aside.yaml', mixed('aside', 30));
    await world.run('aside.yaml');
    await go(page, origin, '#/aside/tasks?state=finished');
    await page.waitForSelector('[data-phase=live]');
    await page.waitForSelector('[role=gridcell]');
    await world.run('aside.yaml', '--fresh', '--set', 'terminate.evals=10');
    await until(page, () => location.hash === '#/aside.1/tasks?state=finished');
    await until(page, () => /of 30$/.test(document.querySelector('.shown')?.textContent ?? ''));
    await page.getByRole('link', { name: 'What is called aside now' }).click();
    await until(page, () => /^10/.test(document.querySelector('section[aria-label=Progress] .value')?.textContent ?? ''));
  },

  async 'where there is nothing, the page says what to do next'({ page, origin, world }) {
    await world.need('digits');
    world.write('bare.yaml', mixed('bare', 1));
    await world.run('bare.yaml');
    await world.execute('reset', 'bare', '--yes');
    for (const view of ['overview', 'tasks', 'explore']) {
      await go(page, origin, `#/bare/${view}`);
      await page.getByRole('button', { name: 'Copy: rush worker --network bare' }).waitFor();
    }
    await go(page, origin, '#/digits/tasks?where=loss%20%3C%20-1');
    await page.getByRole('button', { name: 'Show all 300' }).click();
    await until(page, () => /^300 of 300/.test(document.querySelector('.shown')?.textContent ?? ''));
  },
};

export const once = {
  async 'nothing moves in any view while results stream in'({ page, origin, world }) {
    world.write('still.yaml', mixed('still', 100000, 4, false));
    const child = world.start('run', 'still.yaml');
    try {
      await page.setViewportSize({ width: 1280, height: 720 });
      await go(page, origin, '#/');
      await page.waitForSelector('a[href*="/still/"]');
      const moved = {};
      for (const view of ['overview', 'tasks', 'tasks?sort=-loss', 'task/3', 'explore', 'workers', 'logs', 'export']) {
        await go(page, origin, `#/still/${view}`);
        await page.waitForSelector('[data-phase=live]');
        await page.waitForTimeout(1200);
        moved[view] = await page.evaluate(async () => {
          const moves = [];
          new PerformanceObserver((list) => list.getEntries().forEach((e) => {
            // A number that grows by a digit within its own room begins further left: nothing else moves.
            const sources = e.sources.filter((s) => s.node?.nodeType !== Node.TEXT_NODE);
            if (sources.length > 0) moves.push([e.value.toFixed(4), ...sources.map((s) => s.node?.outerHTML?.slice(0, 90) ?? 'what is gone')].join(' '));
          })).observe({ type: 'layout-shift' });
          await new Promise((r) => setTimeout(r, 2500));
          return moves;
        });
      }
      // A new kind of failure takes a line: a fiftieth of what counts as a page that keeps still.
      const sums = Object.fromEntries(Object.entries(moved).map(([view, moves]) => [view, moves.reduce((sum, m) => sum + Number.parseFloat(m), 0)]));
      assert.deepEqual(Object.entries(moved).filter(([view]) => sums[view] >= 0.002), []);
      return `${Object.keys(moved).length} views, 2.5 s each: ${Math.max(...Object.values(sums)).toFixed(4)} at most`;
    } finally {
      await end(child);
    }
  },
};
