// What the page does when something goes wrong, or is not as it expects: each check
// starts what it breaks.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import { connect, createServer as createListener } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filler } from './fill.mjs';

const until = (page, what, arg, timeout = 15000) => page.waitForFunction(what, arg, { timeout, polling: 100 }).then((h) => h.jsonValue());
const live = (page) => page.waitForSelector('.badge.live', { timeout: 15000 });
const badge = (page, kind, timeout) => page.waitForSelector(`.badge.${kind}`, { timeout });
const finished = (page, n, timeout) => until(page, (want) => document.querySelector('[data-count=finished]')?.textContent.replaceAll(',', '') === String(want), n, timeout);

/** A port of this machine that nobody listens at. */
const freePort = () =>
  new Promise((resolve) => {
    const listener = createListener().listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });

/** A Redis of the check's own, which keeps what it has on the disk. */
async function redis() {
  const dir = mkdtempSync(join(tmpdir(), 'rush-redis-'));
  const port = await freePort();
  let child;
  const start = async () => {
    child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--appendonly', 'yes', '--appendfsync', 'always'], { stdio: 'ignore' });
    for (let i = 0; i < 100; i++) {
      try {
        execFileSync('redis-cli', ['-p', String(port), 'ping'], { stdio: 'pipe' });
        return;
      } catch {
        await new Promise((r) => setTimeout(r, 100));
      }
    }
    throw new Error('redis-server does not answer');
  };
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  await start();
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) await stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { url: `redis://127.0.0.1:${port}/0`, start, stop, close };
}

/** Opens a view in a page that the server's launch address has let in. */
async function enter(page, url, hash) {
  const { origin, pathname } = new URL(url);
  await page.goto(url);
  await page.goto('about:blank');
  await page.goto(`${origin}${pathname.replace(/launch$/, '')}${hash}`);
}

/** A proxy of HTTP and websockets, which passes on what is asked for as it is. */
async function proxy(target) {
  const pass = (req) => ({ host: '127.0.0.1', port: target, method: req.method, path: req.url, headers: req.headers });
  const open = new Set();
  const server = createServer((req, res) => {
    if (!req.url.startsWith('/rush/')) return void res.writeHead(404).end('nothing of rush');
    req.pipe(request(pass(req), (got) => got.pipe(res.writeHead(got.statusCode, got.headers))));
  });
  server.on('upgrade', (req, socket, head) => {
    const there = connect(target, '127.0.0.1', () => {
      there.write(`${req.method} ${req.url} HTTP/1.1\r\n${req.rawHeaders.map((h, i) => (i % 2 ? `${h}\r\n` : `${h}: `)).join('')}\r\n`);
      there.write(head);
      there.pipe(socket).pipe(there);
    });
    for (const s of [there, socket]) s.on('error', () => s.destroy());
  });
  server.on('connection', (s) => open.add(s));
  await new Promise((r) => server.listen(0, '127.0.0.1', r));
  return { port: server.address().port, close: () => (open.forEach((s) => s.destroy()), new Promise((r) => server.close(r))) };
}

export const faults = {
  async 'the store is gone for 10 s: the page says so, and shows what the store has when it is back'({ page, world }) {
    const fill = await filler(world);
    const store = await redis();
    try {
      await fill('rows', 'away', { store: store.url, rows: 500 });
      const { url, child } = await world.serve('away', '--store', store.url);
      await enter(page, url, '#/away/overview');
      await live(page);
      await finished(page, 500);
      await store.stop();
      const began = Date.now();
      await badge(page, 'stale', 6000);
      const noticed = Date.now() - began;
      assert.equal(await page.locator('[data-count=finished]').first().innerText(), '500', 'what was seen stays');
      await page.waitForTimeout(Math.max(0, 10000 - noticed));
      await store.start();
      await fill('rows', 'away', { store: store.url, rows: 250 });
      await badge(page, 'live', 20000);
      await finished(page, 750, 20000);
      child.kill('SIGTERM');
      return `noticed after ${noticed} ms`;
    } finally {
      await store.close();
    }
  },

  async 'a tab that was asleep catches up when it wakes'({ page, world }) {
    const fill = await filler(world);
    await fill('rows', 'asleep', { rows: 1000 });
    const { url, child } = await world.serve('asleep');
    await enter(page, url, '#/asleep/tasks');
    await live(page);
    await until(page, () => /^1,000 of/.test(document.querySelector('.shown')?.textContent ?? ''));
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
    // More than the server keeps for a client that does not read.
    for (let i = 0; i < 8; i++) await fill('rows', 'asleep', { rows: 20000 });
    await new Promise((r) => setTimeout(r, 3000));
    await cdp.send('Page.setWebLifecycleState', { state: 'active' });
    await until(page, () => /^161,000 of/.test(document.querySelector('.shown')?.textContent ?? ''), undefined, 30000);
    await badge(page, 'live', 10000);
    child.kill('SIGTERM');
  },

  async 'hostile names, values and messages are shown as text; a message of 1 MB does not hold up the page'({ page, world }) {
    const fill = await filler(world);
    await fill('hostile', 'hostile');
    const { url, child } = await world.serve('hostile');
    for (const view of ['overview', 'tasks', 'explore', 'workers', 'logs', 'push', 'export']) {
      await enterAgain(page, url, view);
      await live(page);
      await page.waitForTimeout(300);
      assert.equal(await page.evaluate(() => document.querySelector('main b, main img, main script')), null, view);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${view} is too wide`);
    }
    await enterAgain(page, url, 'tasks');
    await page.waitForSelector('[role=gridcell]');
    let heads = '';
    for (const left of [0, 400, 800, 1200, 1600, 2000, 1e6]) {
      await page.locator('[role=grid]').evaluate((g, to) => (g.scrollLeft = to), left);
      await page.waitForTimeout(100);
      heads += (await page.locator('[role=columnheader]').allTextContents()).join('|');
    }
    for (const name of ['🚀 rate', 'معدل التعلم', '<b>bold</b>', '__proto__']) assert.ok(heads.includes(name), `${name} is not in ${heads}`);
    await enterAgain(page, url, 'task/1');
    await until(page, () => document.querySelector('pre.message')?.textContent.includes('<img src=x onerror="window.hacked=1">'));
    const began = Date.now();
    await enterAgain(page, url, 'task/2');
    await until(page, () => document.querySelector('pre.message')?.textContent.includes('éééé'));
    const took = Date.now() - began;
    assert.ok(took < 5000, `it took ${took} ms`);
    await enterAgain(page, url, 'task/3');
    await until(page, () => document.querySelector('pre.message')?.textContent.includes('red'));
    assert.ok(!(await page.locator('pre.message').innerText()).includes('\x1b'));
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    child.kill('SIGTERM');
    return `the message of 1 MB after ${took} ms`;
  },

  async '300 columns: few nodes, the last column is reachable, and every view shows'({ page, world }) {
    const fill = await filler(world);
    await fill('wide', 'wide', { columns: 300, rows: 2000 });
    const { url, child } = await world.serve('wide');
    await enter(page, url, '#/wide/tasks');
    await page.waitForSelector('[role=gridcell]');
    const nodes = await page.locator('[role=grid], [role=grid] *').count();
    assert.ok(nodes <= 800, `${nodes} nodes`);
    await page.locator('[role=grid]').evaluate((g) => (g.scrollLeft = g.scrollWidth));
    await until(page, () => [...document.querySelectorAll('[role=columnheader]')].some((h) => /x299|finished/.test(h.textContent)));
    await page.goto(`${new URL(url).origin}/#/wide/explore`);
    await until(page, () => Number(document.querySelector('canvas[data-points]')?.dataset.points) === 2000);
    await page.goto(`${new URL(url).origin}/#/wide/task/3`);
    await until(page, () => document.querySelector('section[aria-label=Inputs]')?.textContent.includes('x299'));
    child.kill('SIGTERM');
    return `${nodes} nodes`;
  },

  async 'below a path, behind a proxy at another port of this machine, the page is whole, and an address survives a reload'({ page, world }) {
    const fill = await filler(world);
    await fill('rows', 'below', { rows: 300 });
    const { url, child } = await world.serve('below', '--base-path', '/rush');
    const door = await proxy(Number(new URL(url).port));
    try {
      const there = new URL(url);
      there.port = String(door.port);
      there.hostname = 'localhost';
      assert.match(there.pathname, /^\/rush\/launch$/);
      await page.goto(there.href);
      await page.goto('about:blank');
      await page.goto(`http://localhost:${door.port}/rush/#/below/tasks?where=${encodeURIComponent('number < 42')}&sort=-number`);
      const shows = () => until(page, () => /^42 of 300/.test(document.querySelector('.shown')?.textContent ?? ''));
      await shows();
      await live(page);
      await page.reload();
      await shows();
      await live(page);
      await fill('rows', 'below', { rows: 100 });
      await until(page, () => /^42 of 400/.test(document.querySelector('.shown')?.textContent ?? ''));
    } finally {
      await door.close();
      child.kill('SIGTERM');
    }
  },

  async 'the server is killed under a page of 100,000 tasks, and started again'({ page, world }) {
    const fill = await filler(world);
    await fill('rows', 'again', { rows: 100000 });
    const first = await world.serve('again', '--port', '0');
    const port = new URL(first.url).port;
    await enter(page, first.url, '#/again/overview');
    await live(page);
    first.child.kill('SIGKILL');
    const began = Date.now();
    await badge(page, 'stale', 2000);
    const noticed = Date.now() - began;
    await fill('rows', 'again', { rows: 5000 });
    const second = await world.serve('again', '--port', port);
    await live(page);
    await finished(page, 105000);
    await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
    await until(page, () => /^105,000 of 105,000/.test(document.querySelector('.shown')?.textContent ?? ''));
    second.child.kill('SIGTERM');
    return `noticed after ${noticed} ms`;
  },
};

const entered = new WeakSet();

/** Opens a view of the network "hostile" as a new document. */
async function enterAgain(page, url, view) {
  if (!entered.has(page)) await page.goto(url);
  entered.add(page);
  await page.goto('about:blank');
  await page.goto(`${new URL(url).origin}/#/hostile/${view}`);
}

