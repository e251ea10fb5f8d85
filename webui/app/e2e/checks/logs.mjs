// The log.

import assert from 'node:assert/strict';
import { go, until } from '../look.mjs';

const newest = (page) => until(page, () => [...document.querySelectorAll('[role=log] .line')].at(-1)?.textContent);
const lines = (page, n) => until(page, (want) => document.querySelector('.tools [role=status]')?.textContent.startsWith(`${want} lines`), n.toLocaleString('en-US'));
const atEnd = (page) => page.locator('[role=log]').evaluate((l) => l.scrollHeight - l.clientHeight - l.scrollTop < 30);
const quiet = async (page, world) => {
  if (!(await world.counts('quiet'))) await world.fill('logs', 'quiet', { lines: 1500 });
};

export default {
  async 'the log is followed until somebody scrolls up, and can be followed again'({ page, origin, world }) {
    await world.need('live');
    await go(page, origin, '#/live/logs');
    const first = await newest(page);
    await until(page, (f) => [...document.querySelectorAll('[role=log] .line')].at(-1)?.textContent !== f, first);
    await until(page, () => document.querySelector('[role=log]').scrollHeight > document.querySelector('[role=log]').clientHeight + 200, undefined, 40000);
    assert.ok(await atEnd(page));
    await page.locator('[role=log]').hover();
    await page.mouse.wheel(0, -400);
    const follow = page.getByRole('button', { name: 'Follow', exact: true });
    await follow.waitFor();
    const top = await page.locator('[role=log]').evaluate((l) => l.scrollTop);
    const many = await page.locator('.tools [role=status]').innerText();
    await until(page, (m) => document.querySelector('.tools [role=status]').textContent !== m, many);
    assert.equal(await page.locator('[role=log]').evaluate((l) => l.scrollTop), top, 'what is read stays where it is');
    await follow.click();
    await page.getByRole('button', { name: 'Following' }).waitFor();
    await until(page, () => {
      const l = document.querySelector('[role=log]');
      return l.scrollHeight - l.clientHeight - l.scrollTop < 30;
    });
  },

  async 'the log is filtered by level, worker and words'({ page, origin, world }) {
    await quiet(page, world);
    await world.need('digits');
    await go(page, origin, '#/quiet/logs');
    await lines(page, 1500);
    await page.getByLabel('Level').selectOption('warn');
    await lines(page, 30);
    assert.deepEqual([...new Set(await page.locator('[role=log] .level').allInnerTexts())], ['warn']);
    await page.getByLabel('Level').selectOption('');
    await page.keyboard.press('/');
    await page.keyboard.type('line 149');
    await lines(page, 11); // 149 and 1490 to 1499
    assert.ok((await page.locator('[role=log] .text').allInnerTexts()).every((t) => t.includes('line 149')));
    await go(page, origin, '#/digits/logs');
    await newest(page);
    const worker = await page.getByLabel('Worker').locator('option').nth(1).getAttribute('value');
    await page.getByLabel('Worker').selectOption(worker);
    await until(page, (w) => {
      const who = [...document.querySelectorAll('[role=log] .who')].map((e) => e.textContent);
      return location.hash.includes(`worker=`) && who.length > 0 && who.every((t) => t === w);
    }, worker);
  },

  async '5,000 lines a second are followed, none is lost untold, and few nodes exist'({ page, origin, world }) {
    await world.fill('logs', 'loud', { lines: 100 });
    await go(page, origin, '#/loud/logs');
    await lines(page, 100);
    const total = await world.fill('logs', 'loud', { lines: 0, rate: 5000, for: '4s' });
    const said = await until(
      page,
      (want) => {
        const [kept, dropped = 0] = document.querySelector('.tools [role=status]').textContent.match(/[\d,]+/g).map((v) => Number(v.replaceAll(',', '')));
        return kept + dropped >= want ? `${kept} lines, ${dropped} dropped` : '';
      },
      total + 100,
    );
    assert.ok(await atEnd(page));
    assert.ok((await page.locator('[role=log] *').count()) < 600);
    assert.match(await newest(page), new RegExp(`line ${total - 1}:`));
    return said;
  },
};
