// How checks look at the page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Waits until a function in the page gives something true, and returns it. */
export const until = (page, what, arg, timeout = 20000) => page.waitForFunction(what, arg, { timeout, polling: 50 }).then((h) => h.jsonValue());

/** Goes to a place of the page; the document stays when only what is after the # differs. */
export async function go(page, origin, hash) {
  await page.goto(`${origin}/${hash}`);
  await page.waitForSelector('main');
}

/** Goes there by the launch address of a server, which lets this browser in; the document is new. */
export async function enter(page, url, hash) {
  const { origin, pathname } = new URL(url);
  await page.goto(url);
  await page.goto('about:blank');
  await page.goto(`${origin}${pathname.replace(/launch$/, '')}${hash}`);
  await page.waitForSelector('main');
}

export const text = (page, selector) => page.locator(selector).first().innerText();

/** Waits until the badge says that what is shown is live, stale, ... */
export const badge = (page, kind, timeout = 20000) => page.waitForSelector(`.badge.${kind}`, { timeout });
export const live = (page, timeout) => badge(page, 'live', timeout);

/** Waits until a count of the overview is so. */
export const counted = (page, state, n, timeout) =>
  until(page, ([s, want]) => document.querySelector(`[data-count=${s}]`)?.textContent.replaceAll(',', '') === String(want), [state, n], timeout);

/** The counts that the overview shows, by state. */
export const counts = (page) =>
  page.locator('[data-count]').evaluateAll((all) => Object.fromEntries(all.map((e) => [e.dataset.count, Number(e.textContent.replaceAll(',', ''))])));

/** What the overview has to show of what the store says. */
export const ofStore = ({ deferred, queued, running, finished, failed }) => ({ deferred, queued, running, finished, failed });

/** Waits until the table says so many of so many; without numbers until it shows any. Returns them. */
export async function shown(page, n, of, timeout) {
  const found = await until(
    page,
    ([want, total]) => {
      const m = /^([\d,]+) of ([\d,]+)/.exec(document.querySelector('.shown')?.textContent ?? '');
      const [a, b] = (m ?? []).slice(1).map((v) => Number(v.replaceAll(',', '')));
      return m && (want === undefined || want === null ? a > 0 : want === a) && (total ?? b) === b ? [a, b] : null;
    },
    [n, of],
    timeout,
  ).catch(async (error) => {
    throw new Error(`expected ${n} of ${of} tasks, the table shows ${await page.locator('.shown').textContent().catch(() => 'nothing')}`, { cause: error });
  });
  return found;
}

/** Waits for a notice of these words. */
export const noticed = (page, pattern) =>
  until(page, (p) => new RegExp(p).exec(document.querySelector('.notice')?.textContent ?? '')?.[0], pattern.source);

/** Asks the server as the page does, and returns the answer; an error is thrown with its message. */
export const api = (page, path, body) =>
  page.evaluate(
    async ([p, b]) => {
      const r = await fetch(`api/networks${p}`, b === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(b) });
      const answer = await r.json();
      if (!r.ok) throw new Error(answer.error.message);
      return answer;
    },
    [path, body],
  );

/** The texts of a column of the table, from the first row in sight on. */
export const column = (page, key) =>
  page.locator(`[role=grid] [data-column=${JSON.stringify(key)}]`).evaluate((c) => c.textContent.split('\n'));

/** Waits until a column of the table has a text that matches. */
export const inColumn = (page, key, pattern) =>
  until(page, ([k, p]) => document.querySelector(`[role=grid] [data-column=${JSON.stringify(k)}]`)?.textContent.split('\n').some((t) => new RegExp(p).test(t)), [key, pattern.source]);

/** What a number of the page is. */
export const number = (shown) => Number(shown.replace('−', '-').replaceAll(',', '').replace('×10', 'e'));

/** The panel of a title. */
export const panel = (page, title) => page.getByRole('region', { name: title, exact: true }).or(page.locator(`section[aria-label="${title}"]`)).first();

/** Drags from one place of a box to another; places are parts of its width and height. */
export async function drag(page, locator, from, to) {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to[0], box.y + box.height * to[1], { steps: 4 });
  await page.mouse.up();
}

/** What is on each canvas, to see whether it changes. */
export const pictures = (page, selector = '.canvases > canvas:first-of-type') => page.locator(selector).evaluateAll((all) => all.map((c) => c.toDataURL()));

/** How much wider the page is than its window, in px. */
export const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Looks again and again until what is seen is as it has to be, and returns it; after that time what was seen last. */
export async function eventually(look, ok, timeout = 20000) {
  for (const end = Date.now() + timeout; ; await sleep(50)) {
    const seen = await look();
    if (ok(seen) || Date.now() > end) return seen;
  }
}

/** Waits until the page has drawn what it was told before, however long that takes it. */
export const drawn = (page) => page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))));

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

/** What axe has against a part of the page, or all of it when there is no such part. The debugger is not bound by the page's policy, unlike a script in it. */
export const complaints = (page, selector = 'html') =>
  page.evaluate(
    `${axe}; axe.run(document.querySelector(${JSON.stringify(selector)}) ?? document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).join(' | ')))`,
  );
