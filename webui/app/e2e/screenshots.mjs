// The pictures of docs/page: every view in both themes, from searches of the
// examples, one of which runs on: make screenshots, or
// node e2e/screenshots.mjs [DIR [NAME,...]]
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeWorld } from './world.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const out = resolve(process.argv[2] ?? join(root, 'docs/page'));
const only = process.argv[3]?.split(',');
/** Each picture: its name, the address, and what is done before it is taken. */
const pictures = [
  ['networks', '#/'],
  ['overview', '#/digits/overview'],
  ['tasks', '#/digits/tasks?state=finished&sort=-accuracy'],
  ['compare', '#/digits/tasks?state=finished&sort=-accuracy&pick=FOUR'],
  ['task', '#/digits/task/BEST', hidePaths],
  ['failed', '#/diverged/task/FAILED', hidePaths],
  ['explore', '#/branin/explore'],
  ['parallel', '#/digits/explore', scrollTo('Parallel coordinates')],
  ['density', '#/branin/explore', scrollTo('Parallel coordinates')],
  ['curves', '#/descent/explore', scrollTo('Learning curves')],
  ['rungs', '#/halving/explore', scrollTo('Learning curves')],
  ['pareto', '#/binh_korn/explore'],
  ['workers', '#/digits/workers'],
  ['logs', '#/digits/logs'],
  ['push', '#/branin/push', pastePoints],
  ['export', '#/digits/export?state=finished', hidePaths],
  // What opens over a page comes last: it stays open.
  ['delete', '#/binh_korn/overview', askToDelete],
].filter(([name]) => !only || only.includes(name));

mkdirSync(out, { recursive: true });
const world = await makeWorld();
try {
  await search();
  const { url, origin } = await world.serve();
  await shoot(url, origin);
} finally {
  await world.close();
}
reduce(pictures.flatMap(([name]) => ['light', 'dark'].map((theme) => file(name, theme))));

/** Runs the searches that end, and begins the one that is watched while it runs. */
async function search() {
  cpSync(join(root, 'examples'), join(world.dir, 'examples'), { recursive: true });
  await world.run('examples/branin/search.yaml', '--set', 'terminate.evals=10000');
  await world.run('examples/pareto/search.yaml');
  await world.run('examples/halving/search.yaml', '--network', 'halving', '--set', 'terminate.evals=200');
  const descent = 'examples/jsonlines/descent.yaml';
  await world.run(descent, '--set', 'terminate.evals=120');
  // Rates at which a training fails with an error.
  await world.run(descent, '--network', 'diverged', '--set', 'space.rate.upper=1e60', '--set', 'stop_after_failures=0', '--set', 'terminate.evals=12');
  world.start('run', 'examples/digits/search.yaml', '--network', 'digits', '--set', 'terminate.evals=200', '--log', 'info');
  for (let done = 0; done < 24; ) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    done = (await tasks('digits', '--state', 'finished')).length;
  }
}

/** The tasks of a search. */
async function tasks(network, ...args) {
  try {
    const { stdout } = await world.execute('tasks', network, '--json', '--limit', '0', ...args);
    return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  } catch (err) {
    if (/no network/.test(err.stderr ?? '')) return [];
    throw err;
  }
}

/** Takes the pictures, each in both themes. */
async function shoot(url, origin) {
  const page = await world.browser.newPage({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });
  const problems = new Set();
  page.on('console', (m) => m.type() === 'error' && problems.add(m.text()));
  page.on('pageerror', (e) => problems.add(String(e)));
  await page.goto(url);
  const best = (await tasks('digits', '--state', 'finished')).sort((a, b) => b.accuracy - a.accuracy).map((t) => t.number);
  const [failed] = await tasks('diverged', '--state', 'failed');
  for (const [name, hash, prepare] of pictures) {
    await page.goto(`${origin}/${hash.replace('FAILED', failed.number).replace('FOUR', best.slice(0, 4).join()).replace('BEST', best[0])}`);
    await page.waitForTimeout(1500);
    await prepare?.(page);
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForTimeout(500);
      await page.screenshot({ path: file(name, theme) });
    }
  }
  if (problems.size > 0) throw new Error(`the console of the browser has: ${[...problems].join('\n')}`);
}

/** Scrolls to the panel of a title. */
function scrollTo(title) {
  return async (page) => {
    await page.locator('.panel', { has: page.getByRole('heading', { name: title }) }).first().evaluate((panel) => panel.scrollIntoView());
    await page.waitForTimeout(500);
  };
}

/** Asks to delete the network, and answers nothing. */
async function askToDelete(page) {
  await page.getByRole('button', { name: 'Manage binh_korn' }).click();
  await page.getByRole('button', { name: 'Delete the network…' }).click();
  await page.getByRole('dialog').waitFor();
}

/** Has the directory of the world look like somebody's own. */
async function hidePaths(page) {
  await page.locator('pre, code').evaluateAll((all, dir) => all.forEach((text) => (text.textContent = text.textContent.replaceAll(dir, '/home/ada'))), world.dir);
}

/** Pastes points and has them checked. */
async function pastePoints(page) {
  await page.locator('textarea').fill('x1,x2\n-3.1416,12.275\n3.1416,2.275\n9.42478,2.475\n0,0\n');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByRole('region', { name: 'Preview' }).waitFor();
}

function file(name, theme) {
  return join(out, `${name}-${theme}.png`);
}

/** Makes the pictures smaller by a palette of 256 colors, where pngquant is installed. */
function reduce(files) {
  try {
    execFileSync('pngquant', ['--force', '--ext', '.png', '--skip-if-larger', '--strip', '256', ...files]);
  } catch (err) {
    if (err.status === 98) return; // a picture is as small as it can be
    console.error(`the pictures are larger than need be (apt-get install pngquant): ${err.message}`);
  }
}
