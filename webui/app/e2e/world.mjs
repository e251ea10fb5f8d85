// What the browser tests need: rush itself, searches of a store of their own, a
// server of the page, a browser.

import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { filler } from './fill.mjs';
import { program } from './programs.mjs';
import { redis } from './redis.mjs';
import { maker } from './searches.mjs';

export { branin, mixed, stopping } from './searches.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const execute = promisify(execFile);

/**
 * Makes a world on an embedded store, or on a Redis of its own; close() ends all
 * that was started and removes its files. The programs are built unless a directory
 * of them is given.
 */
export async function makeWorld({ store = 'embedded', programs: built } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'rush-page-'));
  const server = store === 'redis' ? await redis(join(dir, 'redis')) : null;
  const children = [];
  const programs = built ?? dir;
  const rush = await program('rush', programs);
  const env = { ...process.env, XDG_DATA_HOME: dir, HOME: dir, RUSH_STORE: server?.url ?? join(dir, 'store.db') };
  delete env.REDIS_URL;

  const run = (file, ...args) => execute(rush, ['run', file, ...args], { cwd: dir, env, maxBuffer: 1 << 26 });
  const write = (name, text) => writeFileSync(join(dir, name), text);

  /** Starts a program that goes on, and returns its process. */
  const spawned = (file, args, { more = {}, output = false } = {}) => {
    const child = spawn(file, args, { cwd: dir, env: { ...env, ...more }, stdio: ['ignore', output ? 'pipe' : 'ignore', output ? 'pipe' : 'ignore'] });
    children.push(child);
    return child;
  };

  /** Waits for an address that a process prints. */
  const printed = (child, pattern) =>
    new Promise((resolve, reject) => {
      let said = '';
      const hear = (chunk) => {
        said += chunk;
        const m = pattern.exec(said);
        if (m) resolve(m[0]);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('exit', () => reject(new Error(`${child.spawnargs.join(' ')} ended: ${said}`)));
    });

  /** Starts a command of rush that shows the page; returns its process and the address that lets one browser in. */
  const launch = async (...args) => {
    const child = spawned(rush, [...args, '--no-browser'], { output: true });
    const url = await printed(child, /https?:\/\/\S+launch\?\S+/);
    return { child, url, origin: new URL(url).origin };
  };

  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu'] });
  const close = async () => {
    await browser.close();
    await Promise.all(children.map(end));
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  write('objective.mjs', readFileSync(join(here, 'objective.mjs'), 'utf8'));

  const world = {
    /** Which store it is: embedded or redis. */
    store,
    /** The Redis, which can be stopped and started; null with an embedded store. */
    server,
    dir,
    env,
    rush,
    programs,
    browser,
    write,
    /** Runs a search to its end. */
    run,
    /** Starts a command of rush that goes on. */
    start: (...args) => spawned(rush, args),
    spawned,
    printed,
    launch,
    /** Starts a server of the page. */
    serve: (...args) => launch('ui', ...args),
    /** Runs a command of rush. */
    execute: (...args) => execute(rush, args, { cwd: dir, env, maxBuffer: 1 << 28 }),
    /** Runs a search, given as text, to its end. */
    search: (name, text) => (write(`${name}.yaml`, text), run(`${name}.yaml`, '-q')),
    /** Starts a search, given as text, and waits until it has tasks. */
    startSearch: async (name, text) => {
      write(`${name}.yaml`, text);
      const child = spawned(rush, ['run', `${name}.yaml`, '-q']);
      while (!(await world.has(name))) await new Promise((r) => setTimeout(r, 200));
      return child;
    },
    /** Whether a network has a finished task. */
    has: async (name) => ((await world.counts(name))?.finished ?? 0) > 0,
    /** The counts of a network as the store has them, by the command line. */
    counts: async (name) => {
      const { stdout } = await world.execute('networks', '--json');
      return JSON.parse(stdout).find((n) => n.network === name);
    },
    /** The tasks of a network as the store has them, by the command line. */
    tasks: async (name, ...args) => {
      const { stdout } = await world.execute('tasks', name, '--json', '--limit', '0', ...args);
      return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    },
    close,
  };
  world.fill = async (...args) => (await filler(world))(...args);
  world.need = maker(world);
  return world;
}

/** Ends a process and waits until it has ended. */
export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((r) => child.once('exit', r));
  child.kill('SIGTERM');
  await ended;
}

function findBrowser() {
  const all = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].filter(Boolean);
  const found = all.find(existsSync);
  if (!found) throw new Error(`no browser found among ${all.join(', ')}; install Debian's chromium, or set CHROMIUM to one`);
  return found;
}
