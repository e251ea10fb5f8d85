// How it looks, to everybody and at any size.

import assert from 'node:assert/strict';
import { complaints, go, shown, tooWide, until } from '../look.mjs';

const themes = ['light', 'dark'];
const sizes = [[1280, 720], [400, 800], [3840, 2160]];
const tables = /tasks|workers/;

export default {
  async 'questions and the sheet of keys pass axe in both themes'({ page, origin, world }) {
    await world.need('digits');
    const all = [];
    await go(page, origin, '#/digits/tasks');
    await shown(page, 300, 300);
    for (const open of [() => page.getByRole('button', { name: 'Delete…' }).click(), () => page.keyboard.press('?')]) {
      await open();
      await page.locator('dialog[open]').waitFor();
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(200);
        all.push(...(await complaints(page)).map((c) => `${colorScheme}: ${c}`));
      }
      await page.keyboard.press('Escape');
      await until(page, () => !document.querySelector('dialog[open]'));
    }
    assert.deepEqual(all, []);
  },
};

export const once = {
  async 'every view passes axe in both themes at 1280 and 400 px, those with a table at 4K, too, and is no wider than the window'({ page, origin, world }) {
    await world.need('digits', 'live');
    const failed = (await world.tasks('digits', '--state', 'failed'))[0].number;
    const views = ['', 'digits/overview', 'live/overview', 'digits/tasks?pick=3,8', 'digits/task/25', `digits/task/${failed}`, 'digits/explore', 'live/workers', 'digits/logs', 'digits/push', 'digits/export?state=failed', 'nothing/overview'];
    const all = [];
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      for (const view of views.filter((v) => width < 3840 || tables.test(v))) {
        await go(page, origin, `#/${view}`);
        await page.waitForTimeout(400);
        if (tables.test(view)) await page.locator('[role=grid]').hover();
        for (const colorScheme of themes) {
          await page.emulateMedia({ colorScheme });
          await page.waitForTimeout(150);
          all.push(...(await complaints(page)).map((c) => `${view} ${colorScheme} ${width}: ${c}`));
        }
        const wide = await tooWide(page);
        if (wide > 0) all.push(`${view} is ${wide} px wider than ${width}`);
      }
    }
    assert.deepEqual(all, []);
  },
};
