// The table of tasks.

import assert from 'node:assert/strict';
import { api, column, eventually, go, inColumn, noticed, number, shown, text, tooWide, until } from '../look.mjs';

const losses = async (world, network) => (await world.execute('export', network, '-o', '-', '--format', 'jsonl', '--fields', 'ys', '--state', 'finished')).stdout.trim().split('\n').map((l) => JSON.parse(l).loss);
const near = (a, b) => Math.abs(a - b) <= 1e-3 * Math.max(1e-3, Math.abs(b));

export default {
  async 'the table of 100,000 rows has at most 400 nodes in a window of any size while it is scrolled, and the last row is reachable'({ page, origin, world }) {
    await world.need('large');
    await go(page, origin, '#/large/tasks');
    const notes = [];
    for (const [width, height] of [[1280, 720], [3840, 2160], [400, 800]]) {
      await page.setViewportSize({ width, height });
      await shown(page, 100_000);
      const grid = page.locator('[role=grid]');
      await grid.evaluate((g) => (g.scrollTop = 0));
      await grid.hover();
      await page.keyboard.press('j');
      const most = await grid.evaluate(async (g) => {
        let most = 0;
        for (let i = 0; i < 60; i++) {
          g.scrollTop += i < 40 ? 131 : g.scrollHeight / 25;
          await new Promise(requestAnimationFrame);
          most = Math.max(most, g.querySelectorAll('*').length + 1);
        }
        return most;
      });
      assert.ok(most <= 400, `${most} nodes at ${width}x${height}`);
      await grid.evaluate((g) => (g.scrollTop = g.scrollHeight));
      await inColumn(page, 'number', /^99999$/);
      notes.push(`${most} at ${width}x${height}`);
    }
    return notes.join(', ');
  },

  async 'a click on a column sorts 100,000 rows, a second one the other way round'({ page, origin, world }) {
    await world.need('large');
    const sorted = (await losses(world, 'large')).sort((a, b) => a - b);
    await go(page, origin, '#/large/tasks?state=finished');
    await shown(page, sorted.length);
    const head = page.locator('[role=columnheader] button', { hasText: /^loss$/ });
    for (const [order, want] of [['loss', sorted], ['-loss', sorted.slice().reverse()]]) {
      await head.click();
      await until(page, (s) => location.hash.includes(`sort=${s}`), order);
      await page.locator('[role=grid]').evaluate((g) => (g.scrollTop = 0));
      const right = (all) => all.length === 8 && all.every((v, i) => near(v, want[i]));
      const first = await eventually(async () => (await column(page, 'loss')).slice(0, 8).map(number), right);
      assert.ok(right(first), `${order}: ${first} instead of ${want.slice(0, 8)}`);
      await page.locator('[role=grid]').evaluate((g) => (g.scrollTop = g.scrollHeight));
      const last = await eventually(async () => number((await column(page, 'loss')).at(-1)), (v) => near(v, want.at(-1)));
      assert.ok(near(last, want.at(-1)), `${order}: the last is ${last} instead of ${want.at(-1)}`);
    }
  },

  async 'the table is filtered by any column, as the server filters'({ page, origin, world }) {
    await world.need('digits');
    const worker = (await world.tasks('digits', '--state', 'finished'))[0].worker_id;
    const filters = [
      ['failed', ''],
      ['', 'loss < 2 and layers in [3, 4, 5]'],
      ['finished', 'not (kernel == "rbf") or shrink'],
      ['', 'condition contains "memory"'],
      ['', 'loss == nil'],
      ['finished', 'seconds ^ 2 > 2 and number % 2 == 0'],
      ['', `worker_id == ${JSON.stringify(worker)}`],
      ['', 'created > "2020-01-01" and finished != nil'],
      ['', 'finished < "2020-01-01"'],
      ['', 'attempt == 1 and rate < 0.01'],
      ['', 'note startsWith "run 1"'],
      ['', 'state == "failed" or evaluating > 0.5'],
    ];
    for (const [state, where] of filters) {
      await go(page, origin, `#/digits/tasks?state=${state}&where=${encodeURIComponent(where)}`);
      const there = await api(page, '/digits/actions/count', { filter: { ...(state ? { state: [state] } : {}), ...(where ? { where } : {}) } });
      await shown(page, there.count, 300).catch((error) => assert.fail(`${state} ${where}: ${error.message}`));
    }
  },

  async 'a filter is typed after /, says what is wrong with it, and a state is a click'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/tasks');
    await shown(page, 300, 300);
    await page.keyboard.press('/');
    await page.keyboard.type('layers >= 5 and kernel == "rbf"');
    await until(page, () => location.hash.includes('where='));
    await page.fill('#where', 'layers >>');
    await until(page, () => /expected/.test(document.querySelector('#where-problem')?.textContent ?? ''));
    for (const [wrong, hint] of [
      ['layers = 5', 'did you mean ==? (at character 8)'],
      ['kernel == "rbf', 'the text that begins here has no closing " (at character 11)'],
      ['layers < "a"', 'a number is compared with a text by <, which never holds'],
      ['kernal == "rbf"', 'did you mean kernel?'],
    ]) {
      await page.fill('#where', wrong);
      await until(page, (h) => document.querySelector('#where-problem')?.textContent.includes(h), hint);
    }
    await page.fill('#where', 'x'.repeat(3000));
    await until(page, () => /there is no column “x{59}…”/.test(document.querySelector('#where-problem')?.textContent ?? ''));
    assert.ok((await tooWide(page)) <= 0, 'what is wrong is as wide as the filter at most');
    await page.fill('#where', '');
    const failed = (await world.counts('digits')).failed;
    await page.locator('.states button', { hasText: 'failed' }).click();
    await shown(page, failed, 300);
    await page.getByRole('button', { name: 'Clear' }).click();
    await shown(page, 300, 300);
  },

  async 'a number goes to its task, and says when there is none'({ page, origin, world }) {
    await world.need('large');
    await go(page, origin, '#/large/tasks');
    await shown(page, 100_000);
    const jump = page.getByLabel('Go to task by number');
    await jump.fill('77777');
    await jump.press('Enter');
    await until(page, () => document.querySelector('[role=row][aria-selected=true] [role=gridcell]')?.textContent.trim() === '77777');
    await jump.fill('100000');
    await jump.press('Enter');
    await noticed(page, /There is no task 100000/);
  },

  async 'two to eight tasks are compared, and a ninth is refused politely'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/tasks');
    await shown(page, 300, 300);
    for (let i = 1; i <= 8; i++) {
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await until(page, (n) => document.querySelectorAll('section[aria-label="Comparison of picked tasks"] thead a').length === n, i);
    }
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await noticed(page, /8 tasks can be compared; take one away/);
    const table = page.getByRole('region', { name: 'Picked tasks', exact: true });
    assert.equal(await table.locator('thead a').count(), 8);
    assert.match(await table.innerText(), /loss/);
    await table.getByRole('button', { name: 'Let task 3 go' }).click();
    await until(page, () => /pick=0%2C1%2C2%2C4/.test(location.hash));
  },

  async 'integers above 2^53 are exact in the table, in filters, on the page of a task, and when pushed'({ page, origin, world }) {
    await world.fill('exact', 'exact');
    const big = '9007199254740993';
    await go(page, origin, '#/exact/tasks');
    await inColumn(page, 'big', new RegExp(`^${big}$`));
    assert.deepEqual((await column(page, 'big')).slice(0, 3), ['9007199254740992', big, '9007199254740994']);
    await page.fill('#where', `big == ${big}`);
    await shown(page, 1, 4);
    await page.fill('#where', `big > ${big}`);
    await shown(page, 2, 4);
    const { count } = await api(page, '/exact/actions/count', { filter: { where: `big > ${big}` } });
    assert.equal(count, 2);
    await go(page, origin, '#/exact/task/1');
    await until(page, (b) => document.querySelector('section[aria-label=Inputs]')?.textContent.includes(b), big);
    await go(page, origin, '#/exact/push');
    await page.getByLabel('JSON lines').check();
    await page.getByLabel('Points to push').fill('{"big": 9007199254740997}\n');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByRole('button', { name: 'Push them' }).click();
    await noticed(page, /Pushed 1 task/);
    const { stdout } = await world.execute('tasks', 'exact', '--json', '--state', 'queued');
    assert.match(stdout, /9007199254740997/);
  },

  async 'keys move in the table and open a task'({ page, origin, world }) {
    await world.need('digits');
    await go(page, origin, '#/digits/tasks?sort=-loss&state=finished');
    await shown(page);
    for (const key of ['j', 'j', 'j', 'k', 'Enter']) await page.keyboard.press(key);
    await until(page, () => location.hash.includes('/task/'));
    const worst = (await world.tasks('digits', '--state', 'finished')).sort((a, b) => b.loss - a.loss)[1];
    assert.equal(await text(page, 'h1'), `Task ${worst.number}`);
  },
};
