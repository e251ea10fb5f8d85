// What a person does here with networks, tasks and workers, in a browser, and what
// the command line says of it afterwards.

import assert from 'node:assert/strict';
import { mixed } from './world.mjs';

const until = (page, what, arg, timeout = 15000) => page.waitForFunction(what, arg, { timeout }).then((h) => h.jsonValue());
const go = async (page, origin, hash) => {
  await page.goto(`${origin}/${hash}`);
  await page.waitForSelector('main');
};
const noticed = (page, pattern) => until(page, (p) => new RegExp(p).test(document.querySelector('.notice')?.textContent ?? ''), pattern.source);

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
};
