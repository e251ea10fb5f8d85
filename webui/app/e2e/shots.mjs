// What somebody looks at who works on the page: every view in both themes, with failures
// and a fast search; screenshots.mjs makes those of the docs. node e2e/shots.mjs DIR [NAME,...]
// With SIZES=1 also as on a phone and at 4K.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { branin, makeWorld, mixed } from './world.mjs';

const out = process.argv[2] ?? 'e2e/out';
const only = process.argv[3]?.split(',');
mkdirSync(out, { recursive: true });

const world = await makeWorld();
try {
  world.write('branin.yaml', branin(10000));
  world.write('mixed.yaml', mixed('digits', 300, 0, false));
  world.write('live.yaml', mixed('live', 4000, 8, false));
  await world.run('branin.yaml');
  await world.run('mixed.yaml');
  world.start('run', 'live.yaml');
  const { url, origin } = await world.serve();
  const views = [
    ['networks', '#/'],
    ['overview', '#/digits/overview'],
    ['overview-live', '#/live/overview'],
    ['overview-branin', '#/branin/overview'],
    ['tasks', '#/digits/tasks?pick=3,8,12'],
    ['tasks-branin', '#/branin/tasks?sort=y'],
    ['task', '#/digits/task/24'],
    ['task-failed', '#/digits/task/FAILED'],
    ['explore', '#/digits/explore'],
    ['explore-branin', '#/branin/explore?with=digits'],
    ['workers', '#/live/workers'],
    ['logs', '#/live/logs'],
    ['push', '#/digits/push'],
    ['export', '#/digits/export?state=finished'],
    ['empty', '#/nothing/overview'],
  ].filter(([name]) => !only || only.includes(name));
  const failed = (await world.execute('tasks', 'digits', '--state', 'failed', '--json', '--limit', '1')).stdout;
  const number = /"number":\s*(\d+)/.exec(failed)?.[1] ?? '0';
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (m) => m.type() === 'error' && problems.push(m.text()));
  page.on('pageerror', (e) => problems.push(String(e)));
  await page.goto(url);
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [name, hash] of views) {
      for (const [w, h, tag] of [[1280, 720, ''], ...(process.env.SIZES ? [[400, 800, '-narrow'], [3840, 2160, '-wide']] : [])]) {
        await page.setViewportSize({ width: w, height: h });
        await page.goto(`${origin}/${hash.replace('FAILED', number)}`);
        await page.waitForTimeout(theme === 'light' && tag === '' ? 1500 : 800);
        await page.screenshot({ path: join(out, `${name}-${theme}${tag}.png`) });
      }
    }
  }
  console.log([...new Set(problems)].join('\n') || 'no problems on the console');
} finally {
  await world.close();
}
