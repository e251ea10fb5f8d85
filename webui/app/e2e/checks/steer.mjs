// What is done to many tasks at once.

import assert from 'node:assert/strict';
import { counted, go, noticed, shown, until } from '../look.mjs';

const asked = (page, n) => until(page, (want) => document.querySelector('dialog[open] .count strong')?.textContent === String(want), n);

export default {
  async 'a group of failures is retried as one, after its exact count'({ page, origin, world }) {
    await world.fill('failures', 'groups', { rows: 30 });
    await go(page, origin, '#/groups/overview');
    const failures = page.locator('section[aria-label="Newest failures"] li');
    await until(page, () => document.querySelectorAll('section[aria-label="Newest failures"] li').length === 3);
    assert.match((await failures.allInnerTexts()).join('\n'), /10×[\s\S]*10×[\s\S]*10×/);
    await failures.filter({ hasText: 'singular' }).getByRole('button', { name: 'Retry' }).click();
    await asked(page, 10);
    await page.getByRole('button', { name: 'Retry them' }).click();
    await noticed(page, /Retry: 10 tasks/);
    await counted(page, 'queued', 40);
    const tasks = await world.tasks('groups');
    assert.equal(tasks.filter((t) => t.state === 'queued').length, 40);
    assert.ok(tasks.every((t) => t.state !== 'failed' || !t.condition.includes('singular')));
  },

  async 'an action on many sends the filter, shows the exact count first, and does nothing when it has changed'({ page, origin, world }) {
    await world.fill('failures', 'many-at-once', { rows: 30 });
    const sent = [];
    page.on('request', (r) => r.url().includes('/actions/') && sent.push([new URL(r.url()).pathname.split('/').at(-1), r.postDataJSON()]));
    await go(page, origin, `#/many-at-once/tasks?state=failed&where=${encodeURIComponent('layers <= 4')}`);
    const [n] = await shown(page);
    await page.getByRole('button', { name: 'Retry…' }).click();
    await asked(page, n);
    await world.fill('failures', 'many-at-once', { rows: 30 });
    await page.getByRole('button', { name: 'Retry them' }).click();
    await until(page, () => document.querySelector('dialog[open] [role=alert]')?.textContent);
    assert.equal((await world.counts('many-at-once')).queued, 60, 'nothing was retried');
    await asked(page, 2 * n);
    await page.getByRole('button', { name: 'Retry them' }).click();
    await noticed(page, new RegExp(`Retry: ${2 * n} tasks`));
    const [verb, body] = sent.at(-1);
    assert.equal(verb, 'retry');
    assert.deepEqual([body.filter, body.expect], [{ state: ['failed'], where: '(layers <= 4)' }, 2 * n]);
    assert.equal((await world.counts('many-at-once')).queued, 60 + 2 * n);
  },

  async 'deleting asks, names the count, and is seen at once; nothing is deleted without a yes'({ page, origin, world }) {
    await world.fill('failures', 'deleted', { rows: 30 });
    await go(page, origin, `#/deleted/tasks?where=${encodeURIComponent('number < 7')}`);
    await shown(page, 7, 60);
    const ask = () => page.getByRole('button', { name: 'Delete…' }).click();
    await ask();
    await asked(page, 7);
    await page.getByRole('button', { name: 'Leave it' }).click();
    await ask();
    await asked(page, 7);
    await page.keyboard.press('Escape');
    assert.equal((await world.tasks('deleted')).length, 60);
    await ask();
    await asked(page, 7);
    await page.getByRole('button', { name: 'Delete them for good' }).click();
    await shown(page, 0, 53);
    assert.equal((await world.tasks('deleted')).length, 53);
  },

  async 'queued tasks that the filter shows are cancelled'({ page, origin, world }) {
    await world.fill('failures', 'cancelled', { rows: 30 });
    await go(page, origin, '#/cancelled/tasks?state=queued');
    await shown(page, 30, 60);
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await asked(page, 30);
    await page.getByRole('button', { name: 'Cancel them' }).click();
    await shown(page, 0, 60);
    assert.equal((await world.counts('cancelled')).failed, 60);
  },
};
