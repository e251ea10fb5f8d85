// What the browser tests need: rush itself, searches of a data directory of
// their own, a server of the page, a browser.

import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const execute = promisify(execFile);

/** Makes a world; close() ends all that was started and removes its files. */
export async function makeWorld() {
  const dir = mkdtempSync(join(tmpdir(), 'rush-page-'));
  const children = [];
  const rush = process.env.RUSH ?? join(dir, 'rush-program');
  if (!process.env.RUSH) await execute('go', ['build', '-o', rush, './cmd/rush'], { cwd: root });
  const env = { ...process.env, XDG_DATA_HOME: dir, HOME: dir, RUSH_STORE: join(dir, 'store.db') };
  delete env.REDIS_URL;

  /** Runs a search to its end. */
  const run = (file, ...args) => execute(rush, ['run', file, ...args], { cwd: dir, env, maxBuffer: 1 << 26 });

  /** Starts something that goes on, and returns its process. */
  const start = (...args) => {
    const child = spawn(rush, args, { cwd: dir, env, stdio: ['ignore', args[0] === 'ui' ? 'pipe' : 'ignore', args[0] === 'ui' ? 'pipe' : 'ignore'] });
    children.push(child);
    return child;
  };

  const write = (name, text) => writeFileSync(join(dir, name), text);

  /** Starts a server of the page and returns its process and the address that lets one browser in. */
  const serve = async (...args) => {
    const child = start('ui', '--no-browser', ...args);
    const url = await new Promise((resolve, reject) => {
      let said = '';
      const hear = (chunk) => {
        said += chunk;
        const m = /(https?:\/\/\S+launch\?\S+)/.exec(said);
        if (m) resolve(m[1]);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('exit', () => reject(new Error(`rush ui ended: ${said}`)));
    });
    return { child, url, origin: new URL(url).origin };
  };

  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu'] });
  const close = async () => {
    await browser.close();
    for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
    await Promise.all(children.map((c) => c.exitCode !== null || c.signalCode !== null || new Promise((r) => c.on('exit', r))));
    rmSync(dir, { recursive: true, force: true });
  };
  write('objective.mjs', readFileSync(join(here, 'objective.mjs'), 'utf8'));
  return { dir, env, rush, run, start, serve, write, browser, close, execute: (...args) => execute(rush, args, { cwd: dir, env, maxBuffer: 1 << 28 }) };
}

function findBrowser() {
  const all = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].filter(Boolean);
  const found = all.find(existsSync);
  if (!found) throw new Error(`no browser found among ${all.join(', ')}; install Debian's chromium, or set CHROMIUM to one`);
  return found;
}

/** The searches of the tests. */
export const branin = (evals) => `network: branin
seed: 7
workers: 2
objective: {builtin: branin}
codomain: {y: minimize}
loop: {name: random_search}
terminate: {evals: ${evals}}
`;

export const mixed = (name, evals, pause = 0, hostile = true) => `network: ${name}
seed: 11
workers: 2
log: info
objective: {command: [node, objective.mjs], keep: true}
constants: {pause: ${pause}, hostile: ${hostile}}
space:
  rate: {type: dbl, lower: 1e-4, upper: 1, log: true}
  layers: {type: int, lower: 1, upper: 8}
  kernel: {type: fct, levels: [rbf, linear, poly]}
  shrink: {type: lgl}
codomain: {loss: minimize, seconds: minimize}
loop: {name: random_search}
stop_after_failures: 0
terminate: {evals: ${evals}}
`;

/** A search in which the median rule stops tasks early. */
export const stopping = (name, evals, pause = 0) =>
  mixed(name, evals, pause, false)
    .replace('hostile: false', 'hostile: false, steps: 30')
    .replace('codomain: {loss: minimize, seconds: minimize}', 'codomain: {loss: minimize}\nearly_stopping: {median: {grace: 4, enough: 5}}');
