// Points that a person wants evaluated.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { go, noticed, until } from '../look.mjs';
import { mixed } from '../searches.mjs';

/** A search that is over, so that what is pushed stays queued. */
async function pushed(world) {
  if (!(await world.counts('pushed'))) await world.search('pushed', mixed('pushed', 4));
  return async () => (await world.counts('pushed')).queued;
}

const said = (page) => until(page, () => document.querySelector('.problem')?.textContent);

export default {
  async 'a bad row is refused with its line, and nothing is pushed; good ones are previewed and pushed'({ page, origin, world }) {
    const queued = await pushed(world);
    const before = await queued();
    await go(page, origin, '#/pushed/push');
    const area = page.getByLabel('Points to push');
    await area.fill('rate,layers,kernel,shrink\n0.1,3,rbf,true\n0.1,99,rbf,true\n');
    await page.getByRole('button', { name: 'Check' }).click();
    assert.match(await said(page), /line 3[\s\S]*layers/);
    assert.ok(await page.getByRole('button', { name: 'Push them' }).isDisabled());
    assert.equal(await queued(), before);
    await area.fill('rate,layers,kernel,shrink\n0.1,3\n');
    await page.getByRole('button', { name: 'Check' }).click();
    await until(page, () => /line 2: expected 4 cells, as the first line has, found 2/.test(document.querySelector('.problem')?.textContent ?? ''));
    await page.getByRole('region', { name: 'One point' }).getByLabel('rate').fill('7');
    await page.getByRole('button', { name: 'Push this point' }).click();
    await until(page, () => /^nothing was pushed: (rate|layers)/.test(document.querySelector('section[aria-label="One point"] .problem')?.textContent ?? ''));
    await area.fill('rate,layers,kernel,shrink\n0.1,3,rbf,true\n0.2,8,poly,false\n');
    await page.getByRole('button', { name: 'Check' }).click();
    await until(page, () => document.querySelectorAll('[aria-label=Preview] tbody tr').length === 2);
    assert.equal(await queued(), before, 'a preview pushes nothing');
    await page.getByRole('button', { name: 'Push them' }).click();
    await noticed(page, /Pushed 2 tasks/);
    assert.equal(await queued(), before + 2);
  },

  async 'JSON lines, and a file of them, are pushed; a bad one is refused with its line'({ page, origin, world }) {
    const queued = await pushed(world);
    const before = await queued();
    await go(page, origin, '#/pushed/push');
    const point = '{"rate": 0.5, "layers": 2, "kernel": "linear", "shrink": true}\n';
    await page.locator('input[type=file]').setInputFiles({ name: 'points.jsonl', mimeType: 'application/json', buffer: Buffer.from(`${point}${point}{"rate": \n`) });
    await page.getByRole('button', { name: 'Check' }).click();
    assert.match(await said(page), /line 3/);
    assert.equal(await queued(), before);
    await page.getByLabel('Points to push').fill(point.repeat(3));
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByRole('button', { name: 'Push them' }).click();
    await noticed(page, /Pushed 3 tasks/);
    assert.equal(await queued(), before + 3);
  },

  async 'a Parquet and an Arrow file that rush exported are pushed, and what is no input is left out'({ page, origin, world }) {
    const queued = await pushed(world);
    const n = (await world.counts('pushed')).finished;
    await go(page, origin, '#/pushed/push');
    for (const name of ['some.parquet', 'some.arrow', 'some.csv']) {
      await world.execute('export', 'pushed', '-o', join(world.dir, name), '--state', 'finished', ...(name === 'some.csv' ? ['--plain', '--fields', 'xs'] : []));
      const before = await queued();
      await page.locator('input[type=file]').setInputFiles(join(world.dir, name));
      await page.getByRole('button', { name: 'Check' }).click();
      await until(page, (n) => new RegExp(`^${n} points can be pushed; left out: number, state, .*attempt`).test(document.querySelector('.many [role=status]')?.textContent ?? ''), n);
      await page.getByRole('button', { name: 'Push them' }).click();
      await noticed(page, new RegExp(`Pushed ${n} tasks`));
      assert.equal(await queued(), before + n, name);
      await page.getByRole('button', { name: 'Check', disabled: true }).waitFor();
    }
  },

  async 'a point is pushed by a form made from the search space'({ page, origin, world }) {
    const queued = await pushed(world);
    const before = await queued();
    await go(page, origin, '#/pushed/push');
    await page.getByLabel('rate').fill('0.05');
    await page.getByLabel('layers').fill('99');
    await page.getByLabel('kernel').selectOption('"linear"');
    await page.getByLabel('shrink').selectOption('true');
    await page.getByRole('button', { name: 'Push this point' }).click();
    assert.match(await said(page), /layers/);
    assert.equal(await queued(), before);
    await page.getByLabel('layers').fill('2');
    await page.getByRole('button', { name: 'Push this point' }).click();
    await noticed(page, /Pushed 1 task:/);
    const tasks = await world.tasks('pushed', '--state', 'queued');
    assert.equal(tasks.length, before + 1);
    const { rate, layers, kernel, shrink } = tasks.at(-1);
    assert.deepEqual({ rate, layers, kernel, shrink }, { rate: 0.05, layers: 2, kernel: 'linear', shrink: true });
  },

  async '100,000 rows are checked and pushed at once'({ page, origin, world }) {
    await world.search('many', mixed('many', 4));
    await go(page, origin, '#/many/push');
    const rows = `rate,layers,kernel,shrink\n${'0.1,3,rbf,true\n'.repeat(100_000)}`;
    await page.locator('input[type=file]').setInputFiles({ name: 'points.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
    await page.getByRole('button', { name: 'Check' }).click();
    await page.locator('button:enabled', { hasText: 'Push them' }).click({ timeout: 60000 });
    await until(page, () => /Pushed 100,000 tasks/.test(document.querySelector('.notice')?.textContent ?? ''), undefined, 90000);
    assert.equal((await world.counts('many')).queued, 100_000);
  },
};
