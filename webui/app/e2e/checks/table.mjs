// What a table that paints its columns as blocks of text has to keep of one with cells.

import assert from 'node:assert/strict';
import { column, enter, go, shown, text, until } from '../look.mjs';
import { end } from '../world.mjs';

const SIZE = { width: 3840, height: 2160 };
const row = (page, at) => page.locator(`[role=grid] [aria-rowindex="${at + 2}"]`);

/** Moves the mouse into a row, below a head, until the row has its cells. */
async function hover(page, at, label) {
  const [over, head] = [await row(page, at).boundingBox(), await page.getByRole('columnheader', { name: label, exact: true }).boundingBox()];
  await page.mouse.move(head.x + 12, over.y + over.height / 2, { steps: 3 });
  await row(page, at).locator('[aria-colindex]').first().waitFor();
}

/** Where the glyphs of each row are in a column: of the lines of its block, and of the cells that rows have under the mouse. */
async function places(page, key, rows) {
  const lines = await page.locator(`[data-column=${JSON.stringify(key)}]`).evaluate((block) => {
    const [node] = block.childNodes;
    let from = 0;
    return node.data.split('\n').map((line) => {
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, from + line.length);
      from += line.length + 1;
      return line === '' ? [] : [...range.getClientRects()].map((r) => [r.x, r.y, r.width, r.height].map(Math.round));
    });
  });
  const cells = [];
  for (let at = 0; at < rows; at++) {
    await hover(page, at, key);
    cells.push(
      await row(page, at).evaluate((r, name) => {
        const index = [...document.querySelectorAll('[role=columnheader]')].find((h) => h.innerText.trim() === name).ariaColIndex;
        const node = [...r.querySelector(`[aria-colindex="${index}"]`).childNodes].find((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
        if (!node) return [];
        const range = new Range();
        range.selectNodeContents(node);
        return [...range.getClientRects()].map((q) => [q.x, q.y, q.width, q.height].map(Math.round));
      }, key),
    );
  }
  return { lines, cells };
}

export const once = {
  async 'at 4K rows are clicked, opened by keys and by a link, their text is selected and copied, and tips show what is cut'({ page, origin, world }) {
    await world.need('digits');
    await page.setViewportSize(SIZE);
    await go(page, origin, '#/digits/tasks?state=failed');
    await shown(page);
    const numbers = await column(page, 'number');
    await hover(page, 2, 'condition');
    const tip = await row(page, 2).locator('[title]').evaluateAll((all) => all.map((c) => c.title));
    assert.ok(tip.includes((await column(page, 'condition'))[2]), `the tips are ${tip}`);
    for (const options of [{ modifiers: ['Control'] }, { button: 'middle' }]) {
      const [other] = await Promise.all([page.context().waitForEvent('page'), row(page, 2).getByRole('link').click(options)]);
      await other.waitForURL(new RegExp(`/task/${numbers[2]}(\\?|$)`));
      await other.close();
    }
    await hover(page, 1, 'kernel');
    await page.mouse.down();
    for (const at of [2, 3]) await hover(page, at, 'kernel');
    await page.mouse.move(SIZE.width - 200, (await row(page, 3).boundingBox()).y + 8, { steps: 3 });
    await page.mouse.up();
    const copied = await page.locator('[role=grid]').evaluate((g) => {
      const event = new ClipboardEvent('copy', { cancelable: true, clipboardData: new DataTransfer() });
      g.dispatchEvent(event);
      return event.clipboardData.getData('text/plain').split('\n').map((line) => line.split('\t'));
    });
    assert.equal(copied.length, 3, `not three rows: ${copied}`);
    assert.equal(copied[0][0], (await column(page, 'kernel'))[1]);
    assert.deepEqual(copied.slice(1).map((r) => r[0]), numbers.slice(2, 4));
    await row(page, 1).click({ position: { x: 400, y: 8 } });
    await page.locator('[role=grid]').press('ArrowDown');
    await until(page, () => document.getElementById(document.querySelector('[role=grid]').getAttribute('aria-activedescendant'))?.ariaRowIndex === '4');
    assert.equal(await page.getByRole('row', { selected: true }).getByRole('gridcell').first().innerText(), numbers[2]);
    await page.keyboard.press('Enter');
    await until(page, () => location.hash.includes('/task/'));
    assert.equal(await text(page, 'h1'), `Task ${numbers[2]}`);
  },

  async 'hostile text stays in its row: its lines, its directions and its height'({ page, world }) {
    await world.fill('hostile', 'stacked');
    const { url, child } = await world.serve('stacked');
    await page.setViewportSize(SIZE);
    await enter(page, url, '#/stacked/tasks');
    const [rows] = await shown(page);
    const { lines, cells } = await places(page, 'condition', rows);
    assert.equal(lines.length, rows);
    assert.deepEqual(lines, cells);
    for (const label of ['attempt', 'kind']) {
      const at = await places(page, label, rows);
      assert.deepEqual(at.lines, at.cells, label);
    }
    await end(child);
  },
};
