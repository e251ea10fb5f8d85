// What a person does here with networks, tasks and workers, in a browser, and what
// the command line says of it afterwards.

import assert from 'node:assert/strict';
import { complaints, go, noticed, shown, until } from '../look.mjs';
import { mixed } from '../searches.mjs';

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
    assert.deepEqual(await complaints(page, 'dialog[open]'), [], `${what} ${colorScheme} ${width}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} is wider than ${width}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 720 });
}

export default {
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

  async 'a network that is deleted under an open page says so, and offers nothing that acts'({ page, origin, world }) {
    world.write('deleted.yaml', mixed('deleted', 20));
    await world.run('deleted.yaml');
    await go(page, origin, '#/deleted/tasks');
    await page.waitForSelector('[role=gridcell]');
    await page.getByRole('button', { name: 'Delete…' }).waitFor();
    await world.execute('destroy', 'deleted', '--yes');
    await noticed(page, /deleted was deleted/);
    assert.equal((await page.locator('.badge').innerText()).trim(), 'Deleted');
    assert.deepEqual(await page.getByRole('button', { name: /^(Retry|Cancel|Delete…|Manage)/ }).allInnerTexts(), []);
    assert.ok((await page.locator('[role=gridcell]').count()) > 0, 'what was seen last is shown');
    await page.getByRole('link', { name: 'All networks' }).last().click();
    await until(page, () => location.hash === '#/');
  },

  async 'what is asked of a network is refused when another one has its name by now, and the page says so and shows that one'({ page, origin, world }) {
    world.write('swapped.yaml', mixed('swapped', 20));
    const again = async (...words) => {
      await world.execute('destroy', 'swapped', '--yes');
      await world.run('swapped.yaml', ...words);
    };
    await world.run('swapped.yaml');
    await go(page, origin, '#/');
    await page.getByRole('button', { name: 'Manage swapped' }).click();
    await page.getByRole('button', { name: 'Delete the network…' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByRole('textbox').fill('swapped');
    await again();
    await dialog.locator('button[type=submit]').click();
    await until(page, () => /that this page shows was replaced by one that was made at .*nothing was done/.test(document.querySelector('dialog[open] [role=alert]')?.textContent ?? ''));
    await page.keyboard.press('Escape');
    const { finished, failed } = await world.counts('swapped');
    assert.equal(finished + failed, 20);
    await go(page, origin, '#/swapped/tasks');
    await shown(page, 20, 20);
    await page.getByRole('button', { name: 'Delete…' }).click();
    await dialog.waitFor();
    await again('--set', 'terminate.evals=10');
    await noticed(page, /Another network is called swapped by now/);
    assert.equal(await dialog.count(), 0, 'what is asked was about the other one');
    await shown(page, 10, 10);
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
    await page.getByRole('button', { name: 'Add a variable' }).click();
    await page.getByLabel('Variables: name 1').fill('MY TOKEN');
    await until(page, () => /“MY TOKEN” cannot name a variable: expected letters, digits and _/.test(document.querySelector('dialog[open] [role=alert]')?.textContent ?? ''));
    assert.ok(await page.getByRole('button', { name: 'Set them' }).isDisabled());
    await page.getByRole('button', { name: 'Variables: remove MY TOKEN' }).click();
    await page.getByRole('button', { name: 'Set them' }).click();
    await noticed(page, /It is set; 2 workers have read it/);
    const set = JSON.parse((await world.execute('env', 'show', '--network', 'steered', '--json')).stdout.replace('9007199254740993', '"exact"'));
    assert.deepEqual(Object.entries(set.constants), [['__proto__', 'exact']]);
    await clean(page, 'the environment');
    await page.getByRole('button', { name: 'Take the constant __proto__ away' }).click();
    await until(page, () => /Nothing is set/.test(document.querySelector('dialog[open]')?.textContent ?? ''));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add workers…' }).click();
    for (const wrong of ['0', '-3', '1.5', 'some', '257']) {
      await page.getByLabel('How many').fill(wrong);
      await until(page, (w) => document.querySelector('dialog[open] [role=alert]')?.textContent.includes(`“${w}” workers: expected a whole number from 1 to 256`), wrong);
      assert.ok(await page.getByRole('button', { name: /^Start / }).isDisabled(), wrong);
    }
    await page.getByLabel('How many').fill('1');
    assert.match(await page.locator('dialog[open] .command code').first().innerText(), /^rush worker --network steered --store \S+ -n 1$/);
    assert.match(await page.locator('dialog[open]').innerText(), /Each runs node objective\.mjs/);
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

  async 'points have any names, and are pushed with options; queues are listed and emptied'({ page, origin, world }) {
    world.write('names.yaml', `network: names
objective: {function: a person}
space:
  __proto__: {type: dbl, lower: 0, upper: 1}
  constructor: {type: fct, levels: [a, b]}
codomain: {toString: minimize}
loop: {name: random_search}
terminate: {evals: 100}
`);
    await world.execute('ask', '--search', 'names.yaml');
    await go(page, origin, '#/names/push');
    await page.getByLabel('__proto__').fill('.5');
    await page.getByLabel('constructor').selectOption('"b"');
    await page.getByLabel('Queue', { exact: true }).fill('high');
    await page.getByLabel('Retries').fill('2');
    await page.getByLabel('Time limit').fill('1.5');
    await page.getByLabel('After the tasks').fill('0');
    await page.getByRole('button', { name: 'Add an extra' }).click();
    await page.getByLabel('Extras: name 1').fill('__proto__');
    await page.getByLabel('Extras: value 1').fill('9007199254740993');
    await page.getByRole('button', { name: 'Push this point' }).click();
    await noticed(page, /Pushed 1 task/);
    const task = JSON.parse((await world.execute('task', 'names', '1', '--json')).stdout.replaceAll('9007199254740993', '"exact"'));
    assert.deepEqual(Object.entries(task.xs).sort(), [['__proto__', 0.5], ['constructor', 'b']]);
    assert.deepEqual(Object.entries(task.xs_extra ?? task.extra), [['__proto__', 'exact']]);
    await page.getByLabel('After the tasks').fill('');
    await page.getByLabel('Points to push').fill('__proto__,constructor\n0.25,a\n0.75,b\n');
    await page.getByRole('button', { name: 'Check' }).click();
    await until(page, () => [...document.querySelectorAll('[aria-label=Preview] tbody tr')].map((r) => r.innerText).join('|') === '0.25\ta|0.75\tb');
    await page.getByRole('button', { name: 'Push them' }).click();
    await noticed(page, /Pushed 2 tasks/);
    await page.getByLabel('Drawn at random').click();
    await page.getByLabel('How many').fill('3');
    await page.getByRole('button', { name: 'Check' }).click();
    await until(page, () => document.querySelectorAll('[aria-label=Preview] tbody tr').length === 3);
    await page.getByRole('button', { name: 'Push them' }).click();
    await noticed(page, /Pushed 3 tasks/);
    await clean(page, 'push');
    await page.getByRole('button', { name: 'Empty the queue high…' }).click();
    assert.match(await page.locator('dialog[open]').innerText(), /5 tasks wait/);
    await page.getByRole('button', { name: 'Take them out' }).click();
    await noticed(page, /5 tasks/);
    await go(page, origin, '#/names/tasks');
    await until(page, () => document.querySelector('.shown')?.textContent === '7 of 7');
    await until(page, () => [...document.querySelectorAll('[role=columnheader]')].some((h) => h.textContent.includes('__proto__')));
    await page.getByRole('button', { name: 'Retry…' }).click();
    await page.getByLabel('Which').selectOption('removed');
    await until(page, () => document.querySelector('dialog[open] .count strong')?.textContent === '5');
    await page.getByLabel('Which').selectOption('timeout');
    await until(page, () => document.querySelector('dialog[open] .count strong')?.textContent === '0');
    await page.getByRole('button', { name: 'Leave it' }).click();
  },

  async 'a point is taken, evaluated by hand, and its result reported'({ page, origin, world }) {
    world.write('hand.yaml', `network: hand
objective: {function: a person}
space: {x: {type: dbl, lower: 0, upper: 1}}
codomain: {y: minimize}
loop: {name: random_search}
terminate: {evals: 100}
`);
    await world.execute('ask', '--search', 'hand.yaml');
    await go(page, origin, '#/hand/push');
    await page.getByRole('button', { name: 'Take a point' }).click();
    await until(page, () => location.hash === '#/hand/task/1');
    await page.getByLabel('How far it is').fill('half of it');
    await page.getByRole('button', { name: 'Say so' }).click();
    await noticed(page, /Task 1: said how far it is/);
    assert.match((await world.execute('progress', 'hand', '1')).stdout, /half of it/);
    assert.match(await page.getByRole('region', { name: 'Evaluate it again' }).innerText(), /rush rerun --network hand --store \S+ 1/);
    await page.locator('form .fields input').first().fill('low');
    await page.getByRole('button', { name: 'Report it' }).click();
    await until(page, () => /expected a number/.test(document.querySelector('.problem')?.textContent ?? ''));
    await clean(page, 'the report');
    await page.locator('form .fields input').first().fill('0.25');
    await page.getByRole('button', { name: 'Keep something else' }).click();
    await page.getByLabel('Other outputs: name 1').fill('note');
    await page.getByLabel('Other outputs: value 1').fill('by hand');
    await page.getByRole('button', { name: 'Report it' }).click();
    await until(page, () => /0\.25[\s\S]*by hand/.test(document.querySelector('section[aria-label=Outputs]')?.innerText ?? ''));
    await go(page, origin, '#/hand/push');
    await page.locator('form .fields input').first().fill('0.5');
    await page.getByRole('button', { name: 'Push this point' }).click();
    await noticed(page, /Pushed 1 task: number 2/);
    await go(page, origin, '#/hand/task/2');
    await page.getByRole('button', { name: 'Evaluate it yourself…' }).click();
    await page.getByLabel('or why it failed').fill('the sample was lost');
    await page.getByRole('button', { name: 'Report that it failed' }).click();
    await until(page, () => /the sample was lost/.test(document.querySelector('pre.message')?.textContent ?? ''));
  },

  async 'a read-only page shows queues and constants, and has no button that changes anything'({ page, world }) {
    await world.need('digits');
    const { url, origin, child } = await world.serve('--read-only');
    try {
      await page.goto(url);
      await page.getByRole('link', { name: 'digits', exact: true }).waitFor();
      const steers = /^(Manage|Retry|Cancel|Delete|Take|Pause|Resume|Stop|Kill|Add|Push|Check|Empty|Evaluate|Report|Keep|Set|More about these)/;
      for (const hash of ['#/', '#/digits/overview', '#/digits/tasks', '#/digits/task/20', '#/digits/workers', '#/digits/push']) {
        await go(page, origin, hash);
        await page.waitForSelector('.only, main li', { timeout: 15000 });
        await page.waitForTimeout(300);
        const names = await page.getByRole('button').evaluateAll((all) => all.map((b) => b.getAttribute('aria-label') ?? b.textContent.trim()));
        assert.deepEqual(names.filter((n) => steers.test(n)), [], hash);
      }
      await until(page, () => /default/.test(document.querySelector('section[aria-label=Queues]')?.textContent ?? '') || /Nothing waits/.test(document.querySelector('section[aria-label=Queues]')?.textContent ?? ''));
      await go(page, origin, '#/digits/workers');
      await page.getByRole('button', { name: 'More about workers' }).click();
      await page.getByRole('button', { name: 'Constants and environment…' }).click();
      await until(page, () => /Nothing is set/.test(document.querySelector('dialog[open]')?.textContent ?? ''));
      assert.equal(await page.getByRole('button', { name: 'Set them' }).count(), 0);
      await clean(page, 'constants of a read-only page');
    } finally {
      child.kill('SIGTERM');
    }
  },
};
