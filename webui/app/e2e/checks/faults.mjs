// The server, the store, the network and the tab go wrong.

import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { badge, counted, counts, enter, live, ofStore, shown, sleep, until } from '../look.mjs';
import { redis } from '../redis.mjs';
import { end } from '../world.mjs';

/** How long the store is gone, in ms. */
const GONE = 10_000;

/** A store of the check's own that can be taken away: a Redis that is stopped, or a file that is moved. */
async function brittle(world) {
  if (world.store === 'redis') {
    const server = await redis(join(world.dir, 'brittle-redis'));
    return { store: server.url, takeAway: server.stop, bringBack: server.start, close: server.stop };
  }
  const [here, there] = ['brittle', 'elsewhere'].map((name) => join(world.dir, name));
  mkdirSync(here);
  return { store: join(here, 'store.db'), takeAway: async () => renameSync(here, there), bringBack: async () => renameSync(there, here), close: async () => {} };
}

/** Stops the processes of the browser that show pages; the function that it returns has them go on. */
async function asleep(browser) {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  const pids = processInfo.filter((p) => p.type === 'renderer').map((p) => p.id);
  pids.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  return () => pids.forEach((pid) => process.kill(pid, 'SIGCONT'));
}

/** The tab of a network sleeps through more than is kept for it, and is right when it wakes. */
async function sleeps(page, world, network, atLeast) {
  await world.fill('wide', network, { columns: 80, rows: 1000 });
  const { url, child } = await world.serve(network);
  const snapshots = [];
  page.on('request', (r) => /\/tasks(\?|$)/.test(r.url()) && snapshots.push(r.url()));
  await enter(page, url, `#/${network}/tasks`);
  await live(page);
  await shown(page, 1000, 1000);
  const before = snapshots.length;
  assert.ok(before > 0, 'no snapshot was asked for');
  const wake = await asleep(world.browser);
  try {
    const end = Date.now() + atLeast;
    for (let i = 0; i < 5; i++) await world.fill('wide', network, { columns: 80, rows: 16000 });
    await sleep(Math.max(3000, end - Date.now()));
  } finally {
    wake();
  }
  await shown(page, 81_000, 81_000, 60000);
  await live(page);
  assert.ok(snapshots.length > before, 'it had kept all that happened: it was not asleep for long enough');
  await end(child);
}

export default {
  async 'the store is gone for 10 s: the page says so, and shows what the store has when it is back'({ page, world }) {
    const { store, takeAway, bringBack, close } = await brittle(world);
    try {
      await world.fill('rows', 'away', { store, rows: 500 });
      const { url, child } = await world.serve('away', '--store', store);
      await enter(page, url, '#/away/overview');
      await live(page);
      await counted(page, 'finished', 500);
      await takeAway();
      const began = Date.now();
      await badge(page, 'stale', 6000);
      const noticed = Date.now() - began;
      await sleep(Math.max(0, GONE - noticed));
      assert.equal((await counts(page)).finished, 500, 'what was seen stays');
      assert.equal(await page.locator('.badge.stale').count(), 1, 'it says so for as long as it lasts');
      await bringBack();
      await world.fill('rows', 'away', { store, rows: 250 });
      await live(page);
      await counted(page, 'finished', 750);
      await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
      await shown(page, 750, 750);
      await end(child);
      return `noticed after ${noticed} ms`;
    } finally {
      await close();
    }
  },

  async 'a tab that was asleep for longer than changes are kept takes a new snapshot when it wakes'({ page, world }) {
    await sleeps(page, world, 'asleep', 0);
  },

  async 'the server is killed under a page of 100,000 tasks, and started again'({ page, world }) {
    await world.need('large');
    const first = await world.serve('large', '--port', '0');
    const port = new URL(first.url).port;
    await enter(page, first.url, '#/large/overview');
    await live(page);
    first.child.kill('SIGKILL');
    const began = Date.now();
    await badge(page, 'stale', 2000);
    const noticed = Date.now() - began;
    const second = await world.serve('large', '--port', port);
    await live(page);
    const want = ofStore(await world.counts('large'));
    for (const [state, n] of Object.entries(want)) await counted(page, state, n);
    assert.deepEqual(await counts(page), want);
    await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
    await shown(page, 100_000, 100_000);
    await end(second.child);
    return `noticed after ${noticed} ms`;
  },

  async 'fifty clients watch a search: all see the same frames, and a page among them keeps up'({ page, world }) {
    await world.fill('rows', 'crowd', { rows: 1000 });
    const { url, child } = await world.serve('crowd');
    await enter(page, url, '#/crowd/tasks');
    await live(page);
    await shown(page, 1000, 1000);
    const others = await page.context().newPage();
    await others.goto(new URL(url).origin);
    await others.evaluate(() => {
      window.last = Array(50).fill('');
      for (let i = 0; i < 50; i++) {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/networks/crowd/live`);
        socket.binaryType = 'arraybuffer';
        socket.onmessage = ({ data }) => {
          if (typeof data === 'string') {
            const m = JSON.parse(data);
            if (m.type === 'hello') window.last[i] = `${m.epoch}.${m.sequence}`;
          } else {
            const head = new DataView(data);
            window.last[i] = `${head.getBigUint64(1, true)}.${head.getBigUint64(9, true)}`;
          }
        };
      }
    });
    await until(others, () => window.last.every((s) => s !== ''));
    const from = (await others.evaluate(() => window.last))[0];
    await world.fill('rows', 'crowd', { rows: 20000, batch: 500, every: '50ms' });
    await shown(page, 21_000, 21_000);
    const at = await until(others, (f) => (new Set(window.last).size === 1 && window.last[0] !== f ? window.last[0] : ''), from);
    await live(page);
    await others.close();
    await end(child);
    return `frames ${from} to ${at}`;
  },
};

/** What takes long, and is not run each time: RUSH_SOAK=1. */
export const soak = {
  async 'a tab that was asleep for ten minutes is right when it wakes'({ page, world }) {
    await sleeps(page, world, 'ten-minutes', 600_000);
  },
};
