// Measures the page in a browser against the real server, and writes a page about it:
//
//	node e2e/bench.mjs [FILE [ROWS,ROWS...]]
//
// It fails when a promise was missed, after the page is written.

import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { filler } from './fill.mjs';
import { frames, longTasks, now, pace, timed, watch } from './measure.mjs';
import { writePage } from './benchpage.mjs';
import { makeWorld, mixed } from './world.mjs';

const file = process.argv[2] ?? fileURLToPath(new URL('../../../docs/ui-bench.md', import.meta.url));
const sizes = (process.argv[3] ?? '10000,100000,1000000').split(',').map(Number);
const largest = Math.max(...sizes);
const world = await makeWorld();
const until = (page, what, arg, timeout = 40000) => page.waitForFunction(what, arg, { timeout, polling: 'raf' });
const finished = [];
const say = (text) => console.error(text);

/** A network of rows; the search that defines it finishes four tasks of its own. */
async function network(fill, name, rows) {
  world.write(`${name}.yaml`, mixed(name, 4));
  await world.run(`${name}.yaml`, '-q');
  return rows > 4 ? fill('rows', name, { rows: rows - 4 }) : 4;
}

/** A page of its own, so that nothing is warm but what the server keeps. */
async function open(context, origin, hash) {
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(`${origin}/${hash}`);
  finished.push(page);
  return page;
}

/** The memory of the process that shows the newest page, in MB. */
async function memory(cdp) {
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  const all = processInfo.filter((p) => p.type === 'renderer').map((p) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${p.id}/status`, 'utf8'))?.[1] ?? 0));
  return Math.max(...all) / 1024;
}

async function closeAll() {
  for (const page of finished.splice(0)) await page.close();
}

async function overview(context, origin, name) {
  const page = await open(context, origin, `#/${name}/overview`);
  await until(page, () => window.seen.at.drawn);
  const { at, paint } = await page.evaluate(() => ({ at: window.seen.at, paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime }));
  await page.waitForTimeout(500);
  const long = await longTasks(page);
  return { paint, counts: at.counts, drawn: at.drawn, long };
}

/** The nodes of the table, with the mouse on a row. */
async function most(page) {
  await page.locator('[role=grid]').hover();
  await page.waitForTimeout(100);
  return page.locator('[role=grid], [role=grid] *').count();
}

async function tasks(context, origin, name, rows) {
  const page = await open(context, origin, `#/${name}/tasks`);
  await until(page, () => window.seen.at.table);
  await page.waitForTimeout(1000);
  const long = await longTasks(page);
  const nodes = await most(page);
  const stop = await frames(page);
  await page.locator('[role=grid]').evaluate(async (g) => {
    for (let i = 0; i < 180; i++) {
      g.scrollTop += i < 90 ? 131 : g.scrollHeight / 300;
      await new Promise(requestAnimationFrame);
    }
  });
  const scroll = pace(await stop());
  await page.setViewportSize({ width: 3840, height: 2160 });
  await page.waitForTimeout(500);
  const wide = await most(page);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.locator('[role=grid]').evaluate((g) => (g.scrollTop = g.scrollHeight));
  await until(page, (n) => document.querySelector('[data-column=number]').textContent.endsWith(`\n${n - 1}`), rows);
  await page.locator('[role=grid]').evaluate((g) => (g.scrollTop = 0));
  await page.waitForTimeout(300);
  const sort = await timed(
    page,
    () => [...document.querySelectorAll('[role=columnheader] button')].find((b) => b.textContent.trim() === 'loss').click(),
    () => !document.querySelector('[data-column=number]').textContent.startsWith('0\n'),
  );
  return { nodes, wide, scroll, sort, long };
}

async function explore(context, origin, name, cdp) {
  const page = await open(context, origin, `#/${name}/explore`);
  await until(page, () => {
    const inSight = [...document.querySelectorAll('canvas[data-points]')].filter((c) => c.getBoundingClientRect().top < innerHeight);
    return inSight.length >= 2 && inSight.every((c) => Number(c.dataset.points) > 0);
  });
  const all = await now(page);
  await page.waitForTimeout(500);
  const long = await longTasks(page);
  const zoomed = await zoom(page);
  const canvases = await everyPlot(page);
  return { all, canvases, long, zoomed, memory: await memory(cdp) };
}

/** Brings each plot into sight, where it is painted, and returns its points and its rows. */
async function everyPlot(page) {
  const plots = page.locator('.canvases:has(> canvas[data-points])');
  const out = [];
  for (let i = 0; i < (await plots.count()); i++) {
    await plots.nth(i).scrollIntoViewIfNeeded();
    await plots.nth(i).dblclick({ position: { x: 60, y: 20 } });
    await page.waitForTimeout(100);
    await until(page, (k) => Number(document.querySelectorAll('canvas[data-points]')[k].dataset.points) > 0, i, 10000).catch(() => {});
    await page.waitForTimeout(300);
    out.push(await page.locator('canvas[data-points]').nth(i).evaluate((c) => [Number(c.dataset.points), Number(c.dataset.rows)]));
  }
  return out;
}

/** How long the page is busy with a turn of the wheel over the history: the median of several. */
async function zoom(page) {
  const times = [];
  for (let i = 0; i < 9; i++) {
    times.push(
      await page.evaluate(async () => {
        const c = document.querySelector('canvas[data-points]');
        const r = c.getBoundingClientRect();
        await new Promise(requestAnimationFrame);
        const began = performance.now();
        c.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ctrlKey: true, deltaY: -1, clientX: r.x + r.width / 2, clientY: r.y + r.height / 2 }));
        await new Promise(requestAnimationFrame);
        await new Promise((done) => {
          const channel = new MessageChannel();
          channel.port1.onmessage = done;
          channel.port2.postMessage(0);
        });
        return performance.now() - began;
      }),
    );
  }
  return times.sort((a, b) => a - b)[4];
}

/** Long tasks while a view loads that has little to show of finished tasks. */
async function loading(context, origin, name, view) {
  const page = await open(context, origin, `#/${name}/${view}`);
  await page.waitForSelector('[data-phase=live]', { timeout: 60000 });
  await page.waitForTimeout(1500);
  return { long: await longTasks(page) };
}

async function streaming(context, origin, fill, name, rows) {
  await network(fill, name, 4);
  const page = await context.newPage();
  let bytes = 0;
  let count = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') return;
      bytes += payload.length;
      count++;
    }),
  );
  finished.push(page);
  await page.addInitScript(watch);
  await page.goto(`${origin}/#/${name}/explore`);
  await page.waitForSelector('[data-phase=live]');
  await page.waitForTimeout(1500);
  const from = await now(page);
  const stop = await frames(page);
  await fill('rows', name, { rows, batch: 1000, every: '50ms' });
  await until(page, (n) => document.querySelector('canvas[data-rows]')?.dataset.rows === String(n), rows + 4);
  const took = (await now(page)) - from;
  const smooth = pace(await stop());
  const long = await longTasks(page, from);
  return { rows, took, ...smooth, long, bytes, count, points: await everyPlot(page) };
}

async function workers(context, origin, fill, many, bars) {
  await fill('workers', 'crew', { workers: many, bars });
  const page = await open(context, origin, '#/crew/workers');
  await until(page, () => window.seen.at.bars && window.seen.at.table);
  const at = await page.evaluate(() => window.seen.at);
  await page.waitForTimeout(1500);
  const long = await longTasks(page);
  const shown = await page.locator('canvas[data-bars]').getAttribute('data-bars');
  const stop = await frames(page);
  await page.locator('[role=grid]').evaluate(async (g) => {
    for (let i = 0; i < 90; i++) {
      g.scrollTop += 131;
      await new Promise(requestAnimationFrame);
    }
  });
  return { many, bars: Number(shown), wanted: bars, drawn: at.bars, long, ...pace(await stop()) };
}

async function logs(context, origin, fill, rate, seconds) {
  await network(fill, 'lines', 4);
  const page = await open(context, origin, '#/lines/logs');
  await page.waitForSelector('[data-phase=live]');
  await page.waitForTimeout(1000);
  const from = await now(page);
  const stop = await frames(page);
  const lines = await fill('logs', 'lines', { lines: 0, rate, for: `${seconds}s` });
  await page.waitForTimeout(1500);
  const smooth = pace(await stop());
  const seen = await page.locator('[role=log] .line').last().innerText();
  return { rate, seconds, lines, last: Number(/line (\d+)/.exec(seen)?.[1]) + 1, long: await longTasks(page, from), ...smooth };
}

const hash = (path) =>
  new Promise((resolve, reject) => {
    const sum = createHash('sha256');
    createReadStream(path).on('data', (b) => sum.update(b)).on('error', reject).on('end', () => resolve(sum.digest('hex')));
  });

async function exports_(context, origin, name, cdp) {
  const out = [];
  for (const [label, extension] of [['CSV', 'csv'], ['Arrow', 'arrow']]) {
    const page = await open(context, origin, `#/${name}/export`);
    await page.waitForSelector('[data-phase=live]');
    await page.waitForTimeout(1500);
    const before = await memory(cdp);
    const began = Date.now();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: label, exact: false }).first().click()]);
    const path = await download.path();
    const took = Date.now() - began;
    const after = await memory(cdp);
    const own = join(world.dir, `${name}.${extension}`);
    await world.execute('export', name, '-o', own);
    out.push({ label, bytes: statSync(path).size, took, same: (await hash(path)) === (await hash(own)), before, after });
    await download.delete();
    await closeAll();
  }
  return out;
}

function scripts() {
  const dir = fileURLToPath(new URL('../../dist/assets', import.meta.url));
  return readdirSync(dir).filter((n) => n.endsWith('.js')).reduce((sum, n) => sum + gzipSync(readFileSync(join(dir, n))).length, 0);
}

try {
  const fill = await filler(world);
  const result = { sizes: [], scripts: scripts(), cores: cpus().length, cpu: cpus()[0].model, browser: world.browser.version() };
  const { url, origin } = await world.serve();
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true });
  const first = await context.newPage();
  await first.goto(url);
  const cdp = await world.browser.newBrowserCDPSession();
  for (const rows of sizes) {
    const name = `rows${rows}`;
    say(`filling ${rows}`);
    await network(fill, name, rows);
    const began = Date.now();
    const body = await (await context.request.get(`${origin}/api/networks/${name}/tasks`, { timeout: 120000 })).body();
    const size = { rows, bytes: body.length, served: Date.now() - began };
    for (const [part, measure] of [
      ['overview', overview],
      ['tasks', tasks],
      ['explore', (c, o, n) => explore(c, o, n, cdp)],
      ['workers', (c, o, n) => loading(c, o, n, 'workers')],
      ['logs', (c, o, n) => loading(c, o, n, 'logs')],
    ]) {
      say(`${part} at ${rows}`);
      size[part] = await measure(context, origin, name, rows);
      await closeAll();
    }
    result.sizes.push(size);
    say(JSON.stringify(size));
  }
  for (const [part, measure] of [
    ['streaming', () => streaming(context, origin, fill, 'stream', 100000)],
    ['workers', () => workers(context, origin, fill, 1000, 100000)],
    ['logs', () => logs(context, origin, fill, 5000, Number(process.env.LOG_SECONDS ?? 42))],
    ['exports', () => exports_(context, origin, `rows${largest}`, cdp)],
  ]) {
    say(part);
    result[part] = await measure();
    await closeAll();
    say(JSON.stringify(result[part]));
  }
  const missed = writePage(file, result);
  say(`wrote ${file}`);
  for (const [what, wanted, got] of missed) say(`missed: ${what}: wanted ${wanted}, measured ${got}`);
  if (missed.length > 0) {
    say(`${missed.length} of the promises were missed`);
    process.exitCode = 1;
  } else say('all promises were kept');
} finally {
  await world.close();
}
