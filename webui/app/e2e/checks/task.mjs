// The page of one task.

import assert from 'node:assert/strict';
import { go, inColumn, noticed, panel, text, until } from '../look.mjs';

const message = (page, words) => until(page, (w) => document.querySelector('pre.message')?.textContent.includes(w), words);

export default {
  async 'a deep link to a task survives a reload, and an image in its message stays text'({ page, origin, world }) {
    await world.need('digits');
    const image = '<img src=x onerror="window.hacked=1">';
    const task = (await world.tasks('digits', '--state', 'failed')).find((t) => t.condition.includes(image));
    await page.goto(`${origin}/#/digits/task/${task.number}`);
    await message(page, image);
    await page.reload();
    await message(page, image);
    assert.equal(await text(page, 'h1'), `Task ${task.number}`);
    await go(page, origin, '#/digits/tasks?state=failed');
    await inColumn(page, 'condition', /<img src=x onerror/);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator('main img').count(), 0);
  },

  async 'a task has every field, its learning curve, its worker and its log'({ page, origin, world }) {
    await world.need('digits');
    const task = (await world.tasks('digits', '--state', 'finished')).find((t) => t.number % 25 === 0);
    await go(page, origin, `#/digits/task/${task.number}`);
    await page.waitForSelector('section[aria-label="Learning curve: loss"] canvas');
    assert.match(await panel(page, 'Inputs').innerText(), /rate[\s\S]*layers[\s\S]*kernel[\s\S]*shrink/);
    assert.match(await panel(page, 'Outputs').innerText(), /loss[\s\S]*seconds/);
    assert.match(await panel(page, 'Times and options').innerText(), /attempt[\s\S]*created[\s\S]*started[\s\S]*finished[\s\S]*evaluating[\s\S]*seed/);
    assert.ok((await text(page, '.title')).includes(task.worker_id));
    await until(page, () => /loss \d/.test(document.querySelector('[role=log]')?.textContent ?? ''));
  },

  async 'a task is retried and cancelled from its page, and its attempts are kept'({ page, origin, world }) {
    await world.fill('failures', 'one', { rows: 3 });
    await go(page, origin, '#/one/task/0');
    await message(page, 'singular');
    await page.getByRole('button', { name: 'Retry…' }).click();
    await until(page, () => document.querySelector('dialog[open] .count strong')?.textContent === '1');
    await page.getByRole('button', { name: 'Retry it' }).click();
    await until(page, () => document.querySelector('.title .state')?.textContent.includes('queued'));
    assert.equal((await world.tasks('one')).find((t) => t.number === 0).state, 'queued');
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await until(page, () => document.querySelector('dialog[open] .count strong')?.textContent === '1');
    await page.getByRole('button', { name: 'Cancel it' }).click();
    await noticed(page, /Cancel task 0: 1 task/);
    await until(page, () => document.querySelector('.title .state')?.textContent.includes('failed'));
    await until(page, () => document.querySelectorAll('section[aria-label=Attempts] tbody tr').length === 2);
    assert.match((await world.tasks('one')).find((t) => t.number === 0).condition, /cancel/i);
  },

  async 'a task that does not exist says so, and leads back'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/task/4711');
    await page.getByText('This task cannot be shown').waitFor();
    await page.getByRole('link', { name: 'All tasks' }).click();
    await until(page, () => location.hash === '#/digits/tasks');
  },
};
