// Workers, and who ran what.

import assert from 'node:assert/strict';
import { api, go, panel, until } from '../look.mjs';
import { mixed } from '../searches.mjs';
import { end } from '../world.mjs';

const states = (page, state, n, timeout) => until(page, ([s, want]) => document.querySelectorAll(`[role=grid] .state.${s}`).length === want, [state, n], timeout);
const steered = (name) => mixed(name, 1_000_000, 30);

export default {
  async 'each worker has its state, heartbeat, host, pid, load and task; a timeline says who ran what'({ page, origin, world }) {
    await world.need('live');
    await go(page, origin, '#/live/workers');
    await states(page, 'running', 2);
    const { workers } = await api(page, '/live/workers');
    const rows = (await page.locator('[role=grid] [role=row]').evaluateAll((all) => all.map((r) => r.querySelector('[aria-colspan]')?.ariaLabel))).join('\n');
    for (const w of workers) {
      for (const known of [w.id, String(w.pid), w.host]) assert.ok(rows.includes(known), `${known} is not among\n${rows}`);
    }
    assert.match(rows, /now|ago/);
    assert.match(rows, /\d %/);
    await page.getByRole('row', { name: 'state running' }).first().hover();
    await until(page, () => document.querySelector('[role=grid] a[href*="/task/"]'));
    const bars = await until(page, () => Number(document.querySelector('canvas[data-bars]')?.dataset.bars));
    assert.ok(bars > 0);
    assert.match(await panel(page, 'Who ran what').locator('p.hidden').textContent(), /\d/);
  },

  async 'paused workers are shown as pausing, then paused; resumed ones run'({ page, origin, world }) {
    const search = await world.startSearch('paused', mixed('paused', 1_000_000, 150));
    await go(page, origin, '#/paused/workers');
    await states(page, 'running', 2);
    await page.evaluate(() => {
      window.seen = new Set();
      new MutationObserver(() => {
        if (/pausing…/.test(document.querySelector('[role=grid]').textContent)) window.seen.add('pausing');
      }).observe(document.querySelector('[role=grid]'), { subtree: true, childList: true, characterData: true });
    });
    await page.getByRole('button', { name: 'Pause' }).click();
    await states(page, 'paused', 2);
    assert.ok(await page.evaluate(() => window.seen.has('pausing')), 'pausing was never shown');
    await page.getByRole('button', { name: 'Resume' }).click();
    await states(page, 'running', 2);
    await end(search);
  },

  async 'a worker whose process is killed is shown as lost within its timeout'({ page, origin, world }) {
    const search = await world.startSearch('struck', steered('struck'));
    await go(page, origin, '#/struck/workers');
    await states(page, 'running', 2);
    const { workers } = await api(page, '/struck/workers');
    const victim = workers.find((w) => w.state === 'running');
    assert.ok(victim.pid > 1);
    process.kill(victim.pid, 'SIGKILL');
    const began = Date.now();
    await page.waitForSelector('[role=grid] .state.lost', { timeout: victim.expiry_us / 1000 + 5000 });
    const took = Date.now() - began;
    await page.getByRole('row', { name: new RegExp(`state lost, worker ${victim.id}`) }).waitFor();
    await end(search);
    return `after ${took} ms; its heartbeat is good for ${victim.expiry_us / 1e6} s`;
  },

  async 'chosen workers are stopped, the others go on; a stop of all ends the run'({ page, origin, world }) {
    await world.startSearch('stopped', steered('stopped'));
    await go(page, origin, '#/stopped/workers');
    await states(page, 'running', 2);
    const stop = async () => {
      await page.getByRole('button', { name: 'Stop…' }).click();
      await page.locator('dialog[open]').getByRole('button', { name: 'Stop', exact: true }).click();
    };
    await page.getByRole('checkbox', { name: /Choose worker/ }).first().check();
    await stop();
    await states(page, 'running', 1);
    await page.getByRole('checkbox', { name: /Choose worker/, checked: true }).uncheck();
    await stop();
    await states(page, 'running', 0);
    await go(page, origin, '#/stopped/overview');
    await until(page, () => /interrupted/.test(document.querySelector('section[aria-label=Run]')?.textContent ?? ''));
  },
};
