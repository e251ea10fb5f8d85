// What all views share: the address, the keys, the theme, and what happens when a part fails.

import assert from 'node:assert/strict';
import { badge, drag, enter, go, live, shown, tooWide, until } from '../look.mjs';

const dark = (page, want) => until(page, (w) => document.documentElement.classList.contains('dark') === w, want);

export default {
  async 'filter, order, brush and picked tasks are in the address, survive a reload, and are shared by all views'({ page, origin, world }) {
    await world.need('digits');
    await page.setViewportSize({ width: 1280, height: 2000 });
    await go(page, origin, `#/digits/tasks?state=finished&where=${encodeURIComponent('layers >= 3')}&sort=-loss&pick=3,8`);
    const [filtered] = await shown(page);
    await page.getByRole('navigation').getByRole('link', { name: 'Explore' }).click();
    await until(page, (n) => Number(document.querySelector('canvas[data-rows]')?.dataset.rows) === n, filtered);
    await until(page, () => Number(document.querySelector('canvas[data-points]')?.dataset.points) > 0);
    await drag(page, page.locator('canvas[data-points]').first(), [0.3, 0.2], [0.7, 0.8]);
    await until(page, () => location.hash.includes('brush='));
    await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
    const [brushed] = await shown(page);
    assert.ok(brushed > 0 && brushed < filtered, `${brushed} of ${filtered}`);
    const address = page.url();
    for (const part of ['state=finished', 'where=', 'sort=-loss', 'pick=3%2C8', 'brush=']) assert.ok(address.includes(part), `${part} is not in ${address}`);
    await page.reload();
    await shown(page, brushed, 300);
    assert.equal(await page.locator('[role=columnheader][aria-sort=descending]').innerText().then((t) => t.trim()).catch(() => 'loss'), 'loss');
    assert.equal(await page.locator('section[aria-label="Comparison of picked tasks"] thead a').count(), 2);
    await page.getByRole('navigation').getByRole('link', { name: 'Export' }).click();
    await until(page, (n) => document.querySelector('.count strong')?.textContent === String(n), brushed);
    await go(page, origin, '#/digits/task/3');
    await page.goBack();
    await page.goBack();
    assert.ok(page.url().includes('/tasks?'));
  },

  async 'keys go to every view, ? shows them all, and Escape leaves'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/overview');
    await live(page);
    for (const [key, view] of Object.entries({ t: 'tasks', e: 'explore', w: 'workers', l: 'logs', p: 'push', x: 'export', o: 'overview' })) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await until(page, (v) => location.hash.startsWith(`#/digits/${v}`), view);
      await until(page, () => document.querySelector('nav a[aria-current=page]'));
    }
    await page.keyboard.press('?');
    assert.match(await page.locator('dialog[open]').innerText(), /j\s+k[\s\S]*compar/);
    await page.keyboard.press('Escape');
    await until(page, () => !document.querySelector('dialog[open]'));
    await page.keyboard.press('/');
    await until(page, () => document.activeElement?.id === 'where');
    await page.keyboard.press('Escape');
    await until(page, () => document.activeElement?.id !== 'where');
  },

  async 'the theme follows the system, and a switch that is kept'({ page, origin, world }) {
    await world.need('digits');
    await page.emulateMedia({ colorScheme: 'light' });
    await go(page, origin, '#/digits/overview');
    await dark(page, false);
    await page.emulateMedia({ colorScheme: 'dark' });
    await dark(page, true);
    await page.getByRole('button', { name: 'Switch to the light theme' }).click();
    await dark(page, false);
    await page.reload();
    await dark(page, false);
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
    await dark(page, true);
    await page.emulateMedia({ colorScheme: 'light' });
    await dark(page, false);
  },

  async 'a panel that fails says so in its place, and the rest of the page goes on'({ page, origin, world, problems }) {
    await world.need('digits');
    await page.route('**/importance*', (route) => route.fulfill({ json: { target: 'loss', tasks: 3, parameters: [{}], pairs: 7 } }));
    await page.setViewportSize({ width: 1280, height: 2400 });
    await go(page, origin, '#/digits/explore');
    await page.getByRole('button', { name: 'Compute' }).click();
    const failed = page.getByRole('alert').filter({ hasText: 'could not be shown' });
    await failed.waitFor();
    assert.match(await failed.innerText(), /Which parameters matter could not be shown/);
    assert.equal(await failed.count(), 1);
    await until(page, () => Number(document.querySelector('canvas[data-points]')?.dataset.points) > 0);
    await page.unroute('**/importance*');
    await page.getByRole('button', { name: 'Again', exact: true }).click();
    await page.waitForResponse('**/importance*').catch(() => {});
    await failed.getByRole('button', { name: 'Try again' }).click();
    await until(page, () => document.querySelectorAll('section[aria-label="Which parameters matter"] tbody tr').length >= 4);
    await until(page, () => ![...document.querySelectorAll('[role=alert]')].some((e) => e.textContent.includes('could not be shown')));
    problems.clear();
  },

  async 'a plot that cannot be painted says so in its place, and the others are painted'({ page, origin, world, problems }) {
    await world.need('digits');
    await page.setViewportSize({ width: 1280, height: 3200 });
    await page.addInitScript(() => {
      const get = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (...args) {
        if (this.closest('section')?.getAttribute('aria-label') === 'History') throw new Error('no room for this picture');
        return get.apply(this, args);
      };
    });
    await page.goto('about:blank');
    await go(page, origin, '#/digits/explore');
    const failed = page.getByRole('alert').filter({ hasText: 'History could not be shown' });
    await failed.waitFor();
    assert.match(await failed.innerText(), /no room for this picture/);
    await until(page, () => {
      const all = [...document.querySelectorAll('canvas[data-points]')];
      return all.length >= 5 && all.every((c) => Number(c.dataset.points) > 0);
    });
    problems.clear();
  },

  async 'every plot is told in words, and has a table behind it'({ page, origin, world }) {
    await world.need('digits');
    await page.setViewportSize({ width: 1280, height: 3000 });
    const plots = {};
    for (const view of ['overview', 'explore', 'workers', 'task/25']) {
      await go(page, origin, `#/digits/${view}`);
      await page.waitForSelector('main canvas');
      await page.waitForTimeout(1000);
      const said = await page.locator('main canvas:not(.over)').evaluateAll((all) =>
        all.map((c) => c.closest('[role=img]')?.getAttribute('aria-label') ?? c.closest('.canvases')?.querySelector('p.hidden')?.textContent ?? ''),
      );
      assert.ok(said.every((words) => /\d/.test(words) && words.length > 20), `${view}: ${said.join(' | ')}`);
      plots[view] = said.length;
      const hidden = await page.locator('main canvas:not(.over)').evaluateAll((all) => all.every((c) => c.getAttribute('aria-hidden') === 'true' || c.closest('[role=img]')));
      assert.ok(hidden, `${view}: a canvas is nothing for a screen reader`);
      assert.ok(view !== 'explore' || (await page.getByRole('link', { name: 'As a table' }).count()) === 1);
      assert.equal(await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).count(), 1);
    }
    return JSON.stringify(plots);
  },

  async 'a network that does not exist is refused in words, and its page leads to the others'({ page, origin }) {
    await go(page, origin, '#/nothing/overview');
    await page.getByText('This network cannot be shown').waitFor();
    await badge(page, 'stale');
    await page.getByRole('link', { name: 'all networks', exact: true }).click();
    await until(page, () => document.querySelector('h1')?.textContent === 'Networks');
    assert.ok((await tooWide(page)) <= 0);
  },

  async 'one page lists all networks of the store, and shows only those that were named'({ page, origin, world }) {
    await world.need('digits', 'branin');
    await go(page, origin, '#/');
    await until(page, () => ['digits', 'branin'].every((n) => [...document.querySelectorAll('main li a')].some((a) => a.textContent === n)));
    const { url, child } = await world.serve('digits');
    await enter(page, url, '#/');
    await until(page, () => document.querySelectorAll('main li').length === 1);
    child.kill('SIGTERM');
  },
};
