// An objective of the tests: two outputs, a learning curve that stops where it is
// told to, and failures, some of them with hostile messages. It speaks JSON lines; see docs/json-lines.md.

import { createInterface } from 'node:readline';

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const messages = ['singular matrix at pivot 3', 'out of memory: wanted 3.1 GiB', '<img src=x onerror="window.hacked=1">'];

/** Reports, and returns whether to stop. */
async function report(step, loss) {
  say({ report: { step, ys: { loss } } });
  return JSON.parse((await lines.next()).value).stop;
}

for (;;) {
  const { value, done } = await lines.next();
  if (done) break;
  const { task, attempt, xs, constants } = JSON.parse(value);
  const rate = xs.rate ?? 0.01;
  const bad = (task * 2654435761) % 100;
  const steps = constants?.steps ?? 5;
  if (bad < (constants?.failing ?? 6)) {
    if (steps > 5) await report(1, 9);
    say({ log: `task ${task} cannot go on`, level: 'error', rate });
    say({ task, attempt, error: task % 3 === 2 && !constants.hostile ? 'the loss is not a number' : messages[task % 3] });
    continue;
  }
  const floor = (Math.log10(rate) + 2.2) ** 2 + (xs.layers - 3) ** 2 / 8 + (xs.kernel === 'rbf' ? 0 : 0.4);
  let loss = floor + 2 / (xs.epochs ?? 1); // a larger budget is better
  for (let step = 1; step <= steps; step++) {
    loss = floor + 2 * Math.exp((-step * 3) / steps) + ((task * 7919) % 97) / 400;
    if (await report(step, loss)) break;
    if (constants?.pause) await new Promise((r) => setTimeout(r, constants.pause));
  }
  if (constants?.pause && steps === 0) await new Promise((r) => setTimeout(r, constants.pause));
  if (task % 25 === 0) say({ log: `loss ${loss.toFixed(3)}`, level: 'info' });
  say({ task, attempt, ys: { loss, seconds: 0.5 + xs.layers * 0.3 + rate, note: `run ${task % 4}` } });
}
