// Data that would break a page which trusts it.

import assert from 'node:assert/strict';
import { enter, go, live, shown, tooWide, until } from '../look.mjs';
import { end } from '../world.mjs';

/** Serves a filled network and enters one of its views. */
async function served(world, page, network, view) {
  const { url, origin, child } = await world.serve(network);
  await enter(page, url, `#/${network}/${view}`);
  return { to: (v) => go(page, origin, `#/${network}/${v}`), done: () => end(child) };
}

/** The heads of all columns, by scrolling through them. */
async function heads(page) {
  const all = new Set();
  const { wide, room } = await page.locator('[role=grid]').evaluate((g) => ({ wide: g.scrollWidth, room: g.clientWidth }));
  for (let left = 0; left < wide; left += room / 2) {
    await page.locator('[role=grid]').evaluate((g, to) => (g.scrollLeft = to), left);
    await page.waitForTimeout(80);
    for (const t of await page.locator('[role=columnheader]').allTextContents()) all.add(t.trim());
  }
  return [...all];
}

export default {
  async 'names, values and messages are text in every view'({ page, world }) {
    await world.fill('hostile', 'hostile');
    const { to, done } = await served(world, page, 'hostile', 'overview');
    for (const view of ['overview', 'tasks', 'task/1', 'explore', 'workers', 'logs', 'push', 'export']) {
      for (const width of [1280, 400]) {
        await page.setViewportSize({ width, height: 720 });
        await to(view);
        await live(page);
        await page.waitForTimeout(250);
        assert.equal(await page.evaluate(() => document.querySelector('main b, main img, main script')), null, view);
        assert.ok((await tooWide(page)) <= 0, `${view} is too wide at ${width} px`);
      }
    }
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    await done();
  },

  async 'emoji and right-to-left names are whole, and turn nothing else around'({ page, world }) {
    await world.fill('hostile', 'every-script');
    const { to, done } = await served(world, page, 'every-script', 'tasks');
    await page.waitForSelector('[role=gridcell]');
    const all = await heads(page);
    for (const name of ['🚀 rate', 'معدل التعلم', 'שלום', '<b>bold</b>', '__proto__']) assert.ok(all.some((h) => h.includes(name)), `${name} is not among ${all.join(' | ')}`);
    await to('task/0');
    await until(page, () => document.querySelector('section[aria-label=Inputs]'));
    const turned = await page.evaluate(() => {
      const rtl = /[\u0590-\u08ff\u202a-\u202e]/;
      const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
      const bad = [];
      for (let n = walker.nextNode(); n; n = walker.nextNode()) {
        const box = n.parentElement;
        if (rtl.test(n.data) && !/isolate|plaintext/.test(getComputedStyle(box).unicodeBidi)) bad.push(box.outerHTML.slice(0, 120));
      }
      return bad;
    });
    assert.deepEqual(turned, []);
    await done();
  },

  async 'a message of 1 MB does not hold up the page, and colors of terminals are left out'({ page, world }) {
    await world.fill('hostile', 'long');
    const { to, done } = await served(world, page, 'long', 'overview');
    await live(page);
    const began = Date.now();
    await to('task/2');
    await until(page, () => document.querySelector('pre.message')?.textContent.includes('éééé'));
    const took = Date.now() - began;
    assert.ok(took < 5000, `it took ${took} ms`);
    await page.getByRole('button', { name: /^All .* characters/ }).click();
    await until(page, () => document.querySelector('pre.message').textContent.length > 500_000);
    assert.ok((await tooWide(page)) <= 0);
    await to('task/3');
    await until(page, () => document.querySelector('pre.message')?.textContent.includes('red'));
    assert.ok(!(await page.locator('pre.message').innerText()).includes('\x1b'));
    await done();
    return `after ${took} ms`;
  },
};

export const once = {
  async '300 columns: few nodes, the last column is reachable, and every view shows'({ page, world }) {
    await world.fill('wide', 'wide', { columns: 300, rows: 2000 });
    const { to, done } = await served(world, page, 'wide', 'tasks');
    await shown(page, 2000, 2000);
    const nodes = await page.locator('[role=grid], [role=grid] *').count();
    assert.ok(nodes <= 400, `${nodes} nodes`);
    const all = await heads(page);
    for (let i = 0; i < 300; i++) assert.ok(all.some((h) => h.includes(`x${String(i).padStart(3, '0')}`)), `x${i} is not among the columns`);
    await to('explore');
    await until(page, () => Number(document.querySelector('canvas[data-points]')?.dataset.points) === 2000);
    await to('task/3');
    await until(page, () => document.querySelector('section[aria-label=Inputs]')?.textContent.includes('x299'));
    for (const view of ['overview', 'workers', 'logs', 'push', 'export']) {
      await to(view);
      await live(page);
      assert.equal(await page.getByText('could not be shown').count(), 0, view);
    }
    await done();
    return `${nodes} nodes`;
  },
};
