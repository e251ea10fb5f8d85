// The page in a browser, against the real server: node e2e/run.mjs [WORDS OF A CHECK'S NAME]

import { checks } from './checks.mjs';
import { curves } from './curves.mjs';
import { faults } from './faults.mjs';
import { look } from './look.mjs';
import { steering } from './steer.mjs';
import { branin, makeWorld, mixed } from './world.mjs';

const wanted = process.argv.slice(2).join(' ');
const world = await makeWorld();
let failed = 0;
try {
  world.write('branin.yaml', branin(10000));
  world.write('digits.yaml', mixed('digits', 300));
  world.write('retry.yaml', mixed('retry', 60));
  world.write('live.yaml', mixed('live', 100000, 4));
  await world.run('branin.yaml');
  await world.run('digits.yaml');
  await world.run('retry.yaml');
  world.start('run', 'live.yaml');
  const { url, origin } = await world.serve();
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true });
  const first = await context.newPage();
  await first.goto(url);
  for (const [name, check] of Object.entries({ ...checks, ...look, ...curves, ...steering, ...faults })) {
    if (!name.includes(wanted)) continue;
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (e) => problems.push(String(e)));
    page.on('console', (m) => /Content Security Policy|Refused to/.test(m.text()) && problems.push(m.text()));
    const began = Date.now();
    try {
      const note = await check({ page, origin, world });
      if (problems.length > 0) throw new Error(`the page complained: ${[...new Set(problems)].join('; ')}`);
      console.log(`ok    ${name}${note ? `: ${note}` : ''} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed++;
      console.log(`FAIL  ${name}\n      ${String(error.stack ?? error).split('\n').slice(0, 12).join('\n      ')}${problems.map((p) => `\n      the page: ${p}`).join('')}`);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/failed-${failed}.png` });
    } finally {
      await page.close();
    }
  }
} finally {
  await world.close();
}
if (failed > 0) {
  console.log(`${failed} failed`);
  process.exitCode = 1;
}
