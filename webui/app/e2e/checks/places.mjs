// Where the page may be: an exported file, read-only, beside a run, in somebody's own
// server, below a path, behind ssh.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { forwarder, proxy } from '../doors.mjs';
import { api, enter, go, live, shown, tooWide, until } from '../look.mjs';
import { program } from '../programs.mjs';
import { mixed } from '../searches.mjs';
import { end } from '../world.mjs';

const acting = /^(Retry|Cancel|Delete|Pause|Resume|Stop|Kill|Push)/;
const views = ['overview', 'tasks', 'task/25', 'explore', 'workers', 'logs', 'push', 'export'];

/** Goes to every view, at both widths, and finds nothing broken and nothing that acts. */
async function onlyToLookAt(page, at, network) {
  for (const [width, height] of [[1280, 720], [400, 800]]) {
    await page.setViewportSize({ width, height });
    for (const view of views) {
      await go(page, at, `#/${network}/${view}`);
      await live(page);
      await page.waitForTimeout(300);
      assert.equal(await page.getByText('could not be shown').count(), 0, view);
      const buttons = (await page.getByRole('button').allInnerTexts()).filter((t) => acting.test(t.trim()));
      assert.deepEqual(buttons, [], `${view} has buttons that act`);
      assert.ok((await tooWide(page)) <= 0, `${view} is too wide at ${width} px`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 720 });
  await go(page, at, `#/${network}/tasks`);
  await shown(page, 300, 300);
  await go(page, at, `#/${network}/push`);
  await page.getByText('Nothing can be pushed here').waitFor();
}

export default {
  async 'an exported file is shown in every view, and nothing in it can be changed'({ page, world }) {
    await world.need('digits');
    for (const [file, ...flags] of [['page.parquet'], ['page.csv', '--minimize', 'loss']]) {
      await world.execute('export', 'digits', '-o', join(world.dir, file));
      const { url, origin, child } = await world.serve(file, ...flags);
      await page.goto(url);
      const network = await until(page, () => decodeURIComponent(/^#\/([^/?]+)/.exec(location.hash)?.[1] ?? ''));
      await until(page, () => document.querySelector('.badge')?.textContent.includes('A file'));
      await onlyToLookAt(page, origin, network);
      await go(page, origin, `#/${network}/overview`);
      const best = (await world.tasks('digits', '--state', 'finished')).sort((a, b) => a.loss - b.loss)[0];
      await until(page, (n) => document.querySelector('section[aria-label="Best so far"]')?.textContent.includes(`task ${n}`), best.number);
      await end(child);
    }
  },

  async 'a read-only page shows all, and the server refuses what it would not offer'({ page, world }) {
    await world.need('digits');
    const { url, origin, child } = await world.serve('digits', '--read-only');
    await enter(page, url, '#/digits/overview');
    await until(page, () => document.querySelector('header')?.textContent.includes('read-only'));
    await onlyToLookAt(page, origin, 'digits');
    await assert.rejects(api(page, '/digits/actions/retry', { filter: { state: ['failed'] }, retry: { ignore_limit: true } }), /read-only/);
    await end(child);
  },

  async 'rush run --ui shows its search while it runs, and stays when it is over'({ page, world }) {
    world.write('beside.yaml', mixed('beside', 120, 5));
    const { url, child } = await world.launch('run', 'beside.yaml', '--ui', '-q');
    await page.goto(url);
    await until(page, () => location.hash.startsWith('#/beside/overview'));
    await live(page);
    await until(page, () => /done/.test(document.querySelector('section[aria-label=Run]')?.textContent ?? ''), undefined, 40000);
    await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
    await shown(page, 120, 120);
    assert.equal(child.exitCode, null, 'the page went away with the run');
    await end(child);
  },

  async 'the page is part of a server of a person’s own, below a path, behind its own password'({ world }) {
    await world.need('digits');
    const child = world.spawned(await program('page', world.programs), [], { more: { LAB_PASSWORD: 'secret', LAB_ADDRESS: '127.0.0.1:0' }, output: true });
    const lab = (await world.printed(child, /http:\/\/[\d.:]+\//)).replace(/\/$/, '');
    const context = await world.browser.newContext({ httpCredentials: { username: 'ann', password: 'secret' }, viewport: { width: 1280, height: 720 } });
    try {
      const page = await context.newPage();
      await page.goto(`${lab}/`);
      await page.getByRole('link', { name: 'Searches' }).click();
      await page.getByRole('link', { name: 'digits' }).click();
      await live(page);
      for (const view of views) {
        await go(page, `${lab}/rush`, `#/digits/${view}`);
        await live(page);
        assert.equal(await page.getByText('could not be shown').count(), 0, view);
      }
      await go(page, `${lab}/rush`, '#/digits/tasks');
      await shown(page, 300, 300);
      const stranger = await world.browser.newContext();
      const refused = await (await stranger.newPage()).goto(`${lab}/rush/`).catch(() => null);
      assert.ok(!refused || refused.status() === 401);
      await stranger.close();
    } finally {
      await context.close();
      await end(child);
    }
  },

  async 'through ssh -L, at another port of a loopback name, the page is whole'({ page, world }) {
    await world.fill('rows', 'far', { rows: 300 });
    const { url, child } = await world.serve('far');
    const door = await forwarder(Number(new URL(url).port));
    try {
      const there = new URL(url);
      there.hostname = 'localhost';
      there.port = String(door.port);
      await enter(page, there.href, '#/far/tasks');
      await shown(page, 300, 300);
      await live(page);
      await world.fill('rows', 'far', { rows: 100 });
      await shown(page, 400, 400);
      await page.getByRole('button', { name: 'Delete…' }).click(); // an action, from this port
      await until(page, () => document.querySelector('dialog[open] .count strong')?.textContent === '400');
      await page.getByRole('button', { name: 'Delete them for good' }).click();
      await shown(page, 0, 0);
    } finally {
      await door.close();
      await end(child);
    }
  },

  async 'below a path, behind a proxy at another port, the page is whole, and an address survives a reload'({ page, world }) {
    await world.fill('rows', 'below', { rows: 300 });
    const { url, child } = await world.serve('below', '--base-path', '/rush');
    const door = await proxy(Number(new URL(url).port));
    try {
      const there = new URL(url);
      there.port = String(door.port);
      there.hostname = 'localhost';
      assert.match(there.pathname, /^\/rush\/launch$/);
      await enter(page, there.href, `#/below/tasks?where=${encodeURIComponent('number < 42')}&sort=-number`);
      await shown(page, 42, 300);
      await live(page);
      await page.reload();
      await shown(page, 42, 300);
      await live(page);
      await world.fill('rows', 'below', { rows: 100 });
      await shown(page, 42, 400);
    } finally {
      await door.close();
      await end(child);
    }
  },
};
