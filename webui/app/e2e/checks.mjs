// What the page promises, looked at in a browser: each check gets a world with
// searches in it, and throws when the promise is not kept.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mixed } from './world.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const views = ['#/', '#/digits/overview', '#/digits/tasks?pick=3,8', '#/digits/task/24', '#/digits/explore', '#/digits/workers', '#/digits/logs', '#/digits/push', '#/digits/export', '#/none/overview'];

/** Waits until a function in the page gives something true, and returns it. */
const until = (page, what, arg, timeout = 15000) => page.waitForFunction(what, arg, { timeout }).then((h) => h.jsonValue());
const go = async (page, origin, hash) => {
  await page.goto(`${origin}/${hash}`);
  await page.waitForSelector('main');
};
const text = (page, selector) => page.locator(selector).first().innerText();
const counted = (page, state) => until(page, (s) => document.querySelector(`[data-count=${s}]`)?.textContent, state);
const live = (page) => page.waitForSelector('[data-phase=live]', { timeout: 15000 });

export const checks = {
  async 'every view passes axe in both themes, at 1280 and 400 px'({ page, origin }) {
    const all = [];
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 400]) {
        await page.setViewportSize({ width, height: 800 });
        for (const hash of views) {
          await go(page, origin, hash);
          await page.waitForTimeout(350);
          // The debugger is not bound by the page's policy, unlike a script in it.
          const found = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).join(' | ')))`);
          all.push(...found.map((f) => `${colorScheme} ${width} ${hash}: ${f}`));
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (wide > 0) all.push(`${hash} is ${wide} px wider than ${width}`);
        }
      }
    }
    assert.deepEqual(all, []);
  },

  async 'the overview of 10,000 tasks is there soon (how soon is measured), with the counts of the store'({ page, origin }) {
    await go(page, origin, '#/');
    const began = Date.now();
    await go(page, origin, '#/branin/overview');
    await until(page, () => Number(document.querySelector('canvas[data-points]')?.dataset.points) > 0);
    const took = Date.now() - began;
    assert.equal(await counted(page, 'finished'), '10,000');
    assert.ok(took < 3000, `it took ${took} ms`);
    return `${took} ms`;
  },

  async 'the table of 10,000 rows has few nodes, reaches its last row, and sorts'({ page, origin }) {
    await page.setViewportSize({ width: 1280, height: 720 });
    await go(page, origin, '#/branin/tasks');
    await page.waitForSelector('[role=gridcell]');
    const nodes = await page.locator('[role=grid] *').count();
    assert.ok(nodes <= 400, `${nodes} nodes`);
    await page.locator('[role=grid]').evaluate((g) => (g.scrollTop = g.scrollHeight));
    await until(page, () => [...document.querySelectorAll('[role=gridcell]')].some((c) => c.textContent.trim() === '9999'));
    await page.locator('[role=columnheader] button', { hasText: /^y$/ }).click();
    await until(page, () => location.hash.includes('sort=y'));
    await page.locator('[role=grid]').evaluate((g) => (g.scrollTop = 0));
    const y = await page.locator('[role=columnheader]').allInnerTexts().then((all) => all.findIndex((t) => t.trim() === 'y'));
    const column = async () => {
      const rows = await page.locator('[role=grid] [role=row][aria-rowindex]').all();
      const out = [];
      for (const row of rows.slice(1, 8)) out.push([Number(await row.getAttribute('aria-rowindex')), Number((await row.locator('[role=gridcell]').nth(y).innerText()).replace('−', '-'))]);
      return out.sort((a, b) => a[0] - b[0]).map((r) => r[1]);
    };
    const values = await column();
    assert.deepEqual(values, values.slice().sort((a, b) => a - b));
    assert.ok(values[0] < 1);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await until(page, () => location.hash.includes('/task/'));
    return `${nodes} nodes`;
  },

  async 'scrolling through the table (frames are measured)'({ page, origin }) {
    await go(page, origin, '#/branin/tasks');
    await page.waitForSelector('[role=gridcell]');
    const p95 = await page.locator('[role=grid]').evaluate(async (g) => {
      const frames = [];
      let last = performance.now();
      for (let i = 0; i < 90; i++) {
        g.scrollTop += 731;
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        frames.push(now - last);
        last = now;
      }
      return frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.95)];
    });
    return `p95 ${p95.toFixed(1)} ms`;
  },

  async 'the address holds the filter and survives a reload; a wrong one says what is wrong'({ page, origin }) {
    await go(page, origin, '#/digits/tasks');
    await page.keyboard.press('/');
    await page.keyboard.type('layers >= 5 and kernel == "rbf"');
    await until(page, () => location.hash.includes('where='));
    const shown = await text(page, '.shown');
    await page.reload();
    await until(page, (s) => document.querySelector('.shown')?.textContent === s, shown);
    assert.match(shown, /^[1-9]\d* of 300$/);
    await page.fill('#where', 'layers >>');
    await until(page, () => /expected/.test(document.querySelector('#where-problem')?.textContent ?? ''));
  },

  async 'what the page filters is what the server filters'({ page, origin }) {
    for (const [states, where] of [['failed', ''], ['', 'loss < 2 and layers in [3, 4, 5]'], ['finished', 'not (kernel == "rbf") or shrink'], ['', 'condition contains "memory"'], ['', 'loss == nil'], ['finished', 'seconds ^ 2 > 2 and number % 2 == 0']]) {
      await go(page, origin, `#/digits/tasks?state=${states}&where=${encodeURIComponent(where)}`);
      await until(page, () => /of 300/.test(document.querySelector('.shown')?.textContent ?? ''));
      const here = Number((await text(page, '.shown')).split(' ')[0]);
      const there = await page.evaluate(async ([s, w]) => {
        const r = await fetch('api/networks/digits/actions/count', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ filter: { ...(s ? { state: [s] } : {}), ...(w ? { where: w } : {}) } }) });
        const body = await r.json();
        return body.count ?? body.error.message;
      }, [states, where]);
      assert.equal(here, there, `${states} ${where}`);
    }
  },

  async 'hostile text stays text'({ page, origin }) {
    await go(page, origin, '#/digits/tasks?state=failed');
    await until(page, () => [...document.querySelectorAll('[role=gridcell]')].some((c) => c.textContent.includes('<img src=x onerror')));
    const link = page.locator('[role=row]', { hasText: '<img src=x' }).locator('a').first();
    await link.click();
    await until(page, () => document.querySelector('pre.message')?.textContent.includes('<img src=x onerror'));
    await page.reload();
    await until(page, () => document.querySelector('pre.message')?.textContent.includes('<img src=x onerror'));
    assert.equal(await page.evaluate(() => window.hacked), undefined);
  },

  async 'a task has its learning curve, its inputs and its log'({ page, origin }) {
    await go(page, origin, '#/digits/task/25');
    await page.waitForSelector('section[aria-label="Learning curve: loss"] canvas');
    assert.match(await text(page, 'section[aria-label=Inputs]'), /rate[\s\S]*layers[\s\S]*kernel[\s\S]*shrink/);
    await until(page, () => /loss \d/.test(document.querySelector('[role=log]')?.textContent ?? ''));
  },

  async 'a brush on one plot changes every plot, and the table'({ page, origin }) {
    await page.setViewportSize({ width: 1280, height: 2400 }); // plots out of sight are not painted
    await go(page, origin, '#/digits/explore');
    const canvas = page.locator('canvas[data-points]').first();
    await until(page, () => Number(document.querySelector('canvas[data-points]')?.dataset.points) === 282);
    const all = await page.locator('canvas[data-points]').evaluateAll((cs) => cs.map((c) => Number(c.dataset.rows)));
    assert.ok(all.length >= 6 && all.every((n) => n === 300), `rows of the plots: ${all}`);
    const before = await page.locator('.plot > canvas:first-of-type').evaluateAll((cs) => cs.map((c) => c.toDataURL().length));
    const box = await canvas.boundingBox();
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.85, { steps: 4 });
    await page.mouse.up();
    await until(page, () => location.hash.includes('brush='));
    await page.waitForTimeout(800);
    const after = await page.locator('.plot > canvas:first-of-type').evaluateAll((cs) => cs.map((c) => c.toDataURL().length));
    const same = after.filter((n, i) => n === before[i]).length;
    assert.ok(same <= 1, `${same} of ${after.length} plots are as they were`); // the map of means shows all
    await page.getByRole('link', { name: 'As a table' }).click();
    const shown = await text(page, '.shown');
    const n = Number(shown.split(' ')[0]);
    assert.ok(n > 5 && n < 150, shown);
  },

  async 'parameters that matter are computed when asked for'({ page, origin }) {
    await go(page, origin, '#/digits/explore');
    await page.getByRole('button', { name: 'Compute' }).click();
    await until(page, () => document.querySelector('section[aria-label="Which parameters matter"] tbody tr'), undefined, 60000);
  },

  async 'a group of failures is retried as one, after its exact count'({ page, origin, world }) {
    await go(page, origin, '#/retry/overview');
    await page.locator('section[aria-label="Newest failures"] li', { hasText: 'singular' }).getByRole('button', { name: 'Retry' }).click();
    const n = Number(await until(page, () => document.querySelector('dialog[open] .count strong')?.textContent));
    assert.ok(n > 0);
    await page.getByRole('button', { name: 'Retry them' }).click();
    await until(page, (want) => new RegExp(`Retry: ${want} task`).test(document.querySelector('.notice')?.textContent ?? ''), n);
    const queued = (await world.execute('tasks', 'retry', '--state', 'queued', '--json', '--limit', '0')).stdout.trim().split('\n').length;
    assert.equal(queued, n);
    await until(page, (want) => document.querySelector('[data-count=queued]')?.textContent === String(want), n);
    return `${n} tasks`;
  },

  async 'deleting asks, names the count, and is seen at once'({ page, origin }) {
    await go(page, origin, `#/retry/tasks?where=${encodeURIComponent('number < 7')}`);
    await until(page, () => /^7 of 60/.test(document.querySelector('.shown')?.textContent ?? ''));
    await page.getByRole('button', { name: 'Delete…' }).click();
    await until(page, () => document.querySelector('dialog[open] .count strong')?.textContent === '7');
    await page.getByRole('button', { name: 'Delete them for good' }).click();
    await until(page, () => /^0 of 53/.test(document.querySelector('.shown')?.textContent ?? ''));
  },

  async 'a bad row is refused with its line, and nothing is pushed; good ones are'({ page, origin }) {
    await go(page, origin, '#/retry/push');
    const area = page.getByLabel('Points to push');
    await area.fill('rate,layers,kernel,shrink\n0.1,3,rbf,true\n0.1,99,rbf,true\n');
    await page.getByRole('button', { name: 'Check' }).click();
    const said = await until(page, () => document.querySelector('.problem')?.textContent);
    assert.match(said, /3/);
    assert.match(said, /layers/);
    assert.ok(await page.getByRole('button', { name: 'Push them' }).isDisabled());
    await area.fill('rate,layers,kernel,shrink\n0.1,3,rbf,true\n0.2,8,poly,false\n');
    await page.getByRole('button', { name: 'Check' }).click();
    await until(page, () => document.querySelectorAll('[aria-label=Preview] tbody tr').length === 2);
    await page.getByRole('button', { name: 'Push them' }).click();
    await until(page, () => /Pushed 2 tasks/.test(document.querySelector('.notice')?.textContent ?? ''));
    await page.getByLabel('rate').fill('0.05');
    await page.getByLabel('layers').fill('2');
    await page.getByLabel('kernel').selectOption('"linear"');
    await page.getByLabel('shrink').selectOption('true');
    await page.getByRole('button', { name: 'Push this point' }).click();
    await until(page, () => /Pushed 1 task:/.test(document.querySelector('.notice')?.textContent ?? ''));
  },

  async 'an export has the rows of the filter'({ page, origin }) {
    await go(page, origin, '#/digits/export?state=failed');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
    const lines = readFileSync(await download.path(), 'utf8').trim().split('\n');
    assert.equal(lines.length, 1 + 18);
    assert.equal(download.suggestedFilename(), 'digits.csv');
  },

  async 'results stream in while the search runs (long tasks are measured)'({ page, origin }) {
    await go(page, origin, '#/live/explore');
    await live(page);
    await page.waitForTimeout(1000);
    const seen = await page.evaluate(async () => {
      const long = [];
      new PerformanceObserver((l) => l.getEntries().forEach((e) => long.push(e.duration))).observe({ type: 'longtask' });
      const rows = () => Number(document.querySelector('canvas[data-rows]').dataset.rows);
      const before = rows();
      await new Promise((r) => setTimeout(r, 4000));
      return { more: rows() - before, long };
    });
    assert.ok(seen.more > 20, `${seen.more} more rows`);
    return `${seen.more} rows in 4 s, ${seen.long.length} tasks over 50 ms${seen.long.length ? `, the longest ${Math.max(...seen.long)} ms` : ''}`;
  },

  async 'the log is followed until somebody scrolls up'({ page, origin }) {
    await go(page, origin, '#/live/logs');
    const newest = () => until(page, () => [...document.querySelectorAll('[role=log] .line')].at(-1)?.textContent);
    const first = await newest();
    await until(page, (f) => [...document.querySelectorAll('[role=log] .line')].at(-1)?.textContent !== f, first);
    await until(page, () => document.querySelector('[role=log]').scrollHeight > document.querySelector('[role=log]').clientHeight + 200, undefined, 30000);
    await page.locator('[role=log]').hover();
    await page.mouse.wheel(0, -400);
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  },

  async 'paused workers are shown as pausing, then paused'({ page, origin }) {
    await go(page, origin, '#/live/workers');
    await page.getByRole('button', { name: 'Pause' }).click();
    await until(page, () => document.querySelectorAll('[role=grid] .state.paused').length === 2);
    await page.getByRole('button', { name: 'Resume' }).click();
    await until(page, () => document.querySelectorAll('[role=grid] .state.running').length === 2);
    assert.ok(Number(await page.locator('canvas[data-bars]').getAttribute('data-bars')) > 0);
  },

  async 'a worker whose process is killed is shown as lost'({ page, origin }) {
    await go(page, origin, '#/live/workers');
    await page.waitForSelector('[role=grid] .state.running');
    const pid = await page.evaluate(() => fetch('api/networks/live/workers').then((r) => r.json()).then((a) => a.workers.find((w) => w.state === 'running').pid));
    assert.ok(pid > 1);
    process.kill(pid, 'SIGKILL');
    await page.waitForSelector('[role=grid] .state.lost', { timeout: 20000 });
  },

  async 'a stop from here ends the workers and the run'({ page, origin }) {
    await go(page, origin, '#/live/workers');
    await page.waitForSelector('[role=grid] .state.running');
    await page.getByRole('button', { name: 'Stop…' }).click();
    await page.locator('dialog[open]').getByRole('button', { name: 'Stop', exact: true }).click();
    await until(page, () => document.querySelectorAll('[role=grid] .state.running').length === 0, undefined, 20000);
    await go(page, origin, '#/live/overview');
    await until(page, () => /interrupted/.test(document.querySelector('section[aria-label=Run]')?.textContent ?? ''), undefined, 20000);
  },

  async 'the server is killed: the page says so within 2 s, and counts are those of the store when it is back'({ page, world }) {
    world.write('back.yaml', mixed('back', 400, 2));
    const searching = world.run('back.yaml');
    const first = await world.serve('--port', '0');
    const port = new URL(first.url).port;
    await page.goto(first.url);
    await until(page, () => document.querySelector('main li a, main [role=alert]'), undefined, 15000);
    await page.goto(`http://127.0.0.1:${port}/#/back/overview`);
    await live(page);
    first.child.kill('SIGKILL');
    const began = Date.now();
    await page.waitForSelector('.badge.stale', { timeout: 2000 });
    const noticed = Date.now() - began;
    await searching.catch(() => {});
    await world.serve('--port', port);
    await live(page);
    await until(page, () => Number(document.querySelector('[data-count=finished]')?.textContent) + Number(document.querySelector('[data-count=failed]')?.textContent) === 400, undefined, 15000);
    await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
    await until(page, () => /^400 of 400/.test(document.querySelector('.shown')?.textContent ?? ''));
    return `noticed after ${noticed} ms`;
  },
};
