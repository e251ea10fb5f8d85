// What a person does here with networks, tasks and workers, in a browser, and what
// the command line says of it afterwards.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mixed } from './world.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const until = (page, what, arg, timeout = 15000) => page.waitForFunction(what, arg, { timeout }).then((h) => h.jsonValue());
const go = async (page, origin, hash) => {
  await page.goto(`${origin}/${hash}`);
  await page.waitForSelector('main');
};
const noticed = (page, pattern) => until(page, (p) => new RegExp(p).test(document.querySelector('.notice')?.textContent ?? ''), pattern.source);


/** A search that goes on for as long as it is needed. */
async function going(world, name) {
  world.write(`${name}.yaml`, mixed(name, 100000, 4));
  world.start('run', `${name}.yaml`);
}

/** What axe finds in the dialog that is open, in both themes and at 400 px. */
async function clean(page, what) {
  for (const [colorScheme, width] of [['light', 1280], ['dark', 400]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.waitForTimeout(150);
    const found = await page.evaluate(`${axe}; axe.run(document.querySelector('dialog[open]') ?? document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')))`);
    assert.deepEqual(found, [], `${what} ${colorScheme} ${width}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} is wider than ${width}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 720 });
}

export const steering = {
  async 'a network is told to go, kept after all, reset and deleted, each by its name'({ page, origin, world }) {
    world.write('gone.yaml', mixed('gone', 20));
    await world.run('gone.yaml');
    await go(page, origin, '#/');
    const choose = async (what) => {
      await page.getByRole('button', { name: 'Manage gone' }).click();
      await page.getByRole('button', { name: what }).click();
    };
    const confirm = async () => {
      const yes = page.locator('dialog[open] button[type=submit]');
      assert.ok(await yes.isDisabled(), 'the name was not typed yet');
      await page.locator('dialog[open]').getByRole('textbox').fill('gone');
      await yes.click();
    };
    await choose('Delete the network…');
    await page.getByLabel('When').selectOption({ label: 'in a day' });
    await confirm();
    await until(page, () => /is deleted on/.test(document.querySelector('main')?.textContent ?? ''));
    await go(page, origin, '#/gone/overview');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await until(page, () => document.querySelector('[data-count=finished]') && !document.querySelector('.goes'));
    await choose('Reset…');
    await confirm();
    await until(page, () => document.querySelector('[data-count=finished]')?.textContent === '0');
    await choose('Delete the network…');
    await confirm();
    await until(page, () => location.hash === '#/');
    await until(page, () => [...document.querySelectorAll('main li')].every((l) => !/gone/.test(l.textContent)));
    const left = (await world.execute('networks', '--json')).stdout;
    assert.ok(!left.includes('"gone"'), left);
  },

  async 'workers are told something, given an environment, added, and forgotten'({ page, origin, world }) {
    await going(world, 'steered');
    await go(page, origin, '#/');
    await page.getByRole('link', { name: 'steered' }).waitFor({ timeout: 20000 });
    await go(page, origin, '#/steered/workers');
    await until(page, () => document.querySelectorAll('[role=grid] .state.running').length === 2);
    const more = async (what) => {
      await page.getByRole('button', { name: 'More about workers' }).click();
      await page.getByRole('button', { name: what }).click();
    };
    await more('Message…');
    await page.getByRole('button', { name: 'Send' }).click();
    await until(page, () => [...document.querySelectorAll('[aria-label=Answers] tbody td:last-child')].filter((c) => c.textContent.trim() === 'PONG').length === 2);
    await clean(page, 'a message');
    await page.keyboard.press('Escape');
    await more('Constants and environment…');
    await page.getByRole('button', { name: 'Add a constant' }).click();
    await page.getByLabel('Constants: name 1').fill('__proto__');
    await page.getByLabel('Constants: value 1').fill('9007199254740993');
    await page.getByRole('button', { name: 'Set them' }).click();
    await noticed(page, /It is set; 2 workers have read it/);
    const set = JSON.parse((await world.execute('env', 'show', '--network', 'steered', '--json')).stdout.replace('9007199254740993', '"exact"'));
    assert.deepEqual(Object.entries(set.constants), [['__proto__', 'exact']]);
    await clean(page, 'the environment');
    await page.getByRole('button', { name: 'Take the constant __proto__ away' }).click();
    await until(page, () => /Nothing is set/.test(document.querySelector('dialog[open]')?.textContent ?? ''));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add workers…' }).click();
    await page.getByLabel('How many').fill('1');
    assert.match(await page.locator('dialog[open] code').first().innerText(), /^rush worker --network steered --store \S+ -n 1$/);
    await clean(page, 'adding workers');
    await page.getByRole('button', { name: 'Start 1 on' }).click();
    await until(page, () => document.querySelectorAll('[role=grid] .state.running').length === 3, undefined, 30000);
    await page.getByRole('button', { name: 'Stop…' }).click();
    await page.locator('dialog[open] button[type=submit]').click();
    await until(page, () => document.querySelectorAll('[role=grid] .state.running').length === 0, undefined, 20000);
    await more('Forget 3 that have ended…');
    await page.getByRole('button', { name: 'Forget them' }).click();
    await until(page, () => /No worker has been here/.test(document.querySelector('main')?.textContent ?? ''));
    assert.equal((await world.execute('workers', 'steered', '--json')).stdout.trim(), '[]');
  },
};
