// The page in a browser, against the real server: node e2e/run.mjs [WORDS|WORDS...]
//
// With words only the checks run whose names have some of them.
//
// Every check runs on an embedded store and on a Redis, at the same time, but for a few that
// are dealt out between them; STORES=redis is only one of them; RUSH_SOAK=1 runs those that take long instead. With SHOTS=DIR a check that fails leaves a picture there.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checks, long, once } from './checks/index.mjs';
import { programs } from './programs.mjs';
import { unlisted } from './promises.mjs';
import { makeWorld } from './world.mjs';

const words = process.argv.slice(2).join(' ');
const stores = (process.env.STORES ?? 'embedded,redis').split(',');
const meant = (some) => Object.entries(some).filter(([name]) => words.split('|').some((w) => name.includes(w)));
const [both, either] = process.env.RUSH_SOAK ? [meant(long), []] : [meant(checks), meant(once)];
if (both.length + either.length === 0) throw new Error(`no check has “${words}” in its name`);

/** Runs the checks on a store, one after the other; returns how many failed. */
async function onStore(store, built) {
  const world = await makeWorld({ store, programs: built });
  let failed = 0;
  try {
    const { url, origin } = await world.serve();
    const context = await world.browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true });
    const first = await context.newPage();
    await first.goto(url);
    await first.close();
    const dealt = either.filter((_, i) => i % stores.length === stores.indexOf(store));
    for (const [name, check] of [...both, ...dealt]) failed += (await one(name, check, { context, origin, world })) ? 0 : 1;
  } finally {
    await world.close();
  }
  return failed;
}

/** Runs a check in a page of its own and says how it went. */
async function one(name, check, { context, origin, world }) {
  const page = await context.newPage();
  const problems = new Set();
  page.on('pageerror', (e) => problems.add(String(e)));
  page.on('console', (m) => /Content Security Policy|Refused to/.test(m.text()) && problems.add(m.text()));
  const began = Date.now();
  try {
    const note = await check({ page, origin, world, problems });
    if (problems.size > 0) throw new Error(`the page complained: ${[...problems].join('; ')}`);
    console.log(`ok    ${world.store.padEnd(8)}  ${name}${note ? `: ${note}` : ''} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    const lines = `${error.stack ?? error}${error.stderr ? `\n${error.stderr}` : ''}`.split('\n').slice(0, 14);
    console.log(`FAIL  ${world.store.padEnd(8)}  ${name}\n      ${lines.join('\n      ')}${[...problems].map((p) => `\n      the page: ${p}`).join('')}`);
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${world.store}-${name.replace(/\W+/g, '-').slice(0, 60)}.png`) }).catch(() => {});
    return false;
  } finally {
    await page.close();
  }
}

const built = mkdtempSync(join(tmpdir(), 'rush-programs-'));
try {
  await programs(built);
  const failed = (await Promise.all(stores.map((s) => onStore(s, built)))).reduce((a, b) => a + b, 0);
  const missing = words === '' ? unlisted(Object.keys({ ...checks, ...once, ...long })) : [];
  for (const m of missing) console.log(`FAIL  e2e/README.md: ${m}`);
  if (failed + missing.length > 0) {
    console.log(`${failed + missing.length} failed`);
    process.exitCode = 1;
  }
} finally {
  rmSync(built, { recursive: true, force: true });
}
