// The page about the measurements: what was promised, what was measured, and by how
// much it was missed.

import { writeFileSync } from 'node:fs';

const count = (n) => n.toLocaleString('en-US');
const ms = (n) => (n === undefined || Number.isNaN(n) ? '–' : n === 0 ? 'none' : n < 10 ? `${n.toFixed(1)} ms` : `${Math.round(n)} ms`);
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const longest = (long) => Math.max(0, ...long);
const longText = (long) => (long.length === 0 ? 'none' : `${long.length}, the longest ${ms(longest(long))}`);

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A promise: at most, or at least, so much. */
function atMost(what, limit, got, show = ms) {
  return [what, `at most ${show(limit)}`, show(got), got <= limit ? 'kept' : `**missed: ${(got / limit).toFixed(2)} times**`];
}

function atLeast(what, limit, got, show) {
  return [what, `at least ${show(limit)}`, show(got), got >= limit ? 'kept' : `**missed: ${(got / limit).toFixed(2)} times**`];
}

const holds = (what, wanted, ok, got = ok ? 'they are' : 'they are not') => [what, wanted, got, ok ? 'kept' : '**missed**'];

function promises(r) {
  const of = (rows) => r.sizes.find((s) => s.rows === rows);
  const top = r.sizes.at(-1);
  const painted = of(100000) ?? top;
  const scatters = (all, rows) => all.every(([points, n]) => n === rows && points <= n && points >= n - 4);
  return [
    atMost(`Overview: all is drawn, ${count(painted.rows)} tasks`, 1000, painted.overview.drawn),
    atMost(`Tasks: nodes of the table, ${count(top.rows)} rows`, 400, top.tasks.nodes, count),
    atMost(`Tasks: nodes of the table at 3840 by 2160, ${count(top.rows)} rows`, 400, top.tasks.wide, count),
    atMost(`Tasks: p95 of a frame while scrolling, ${count(top.rows)} rows`, 34, top.tasks.scroll.p95),
    atMost(`Tasks: sort ${count(top.rows)} rows, from the click to the frame`, 250, top.tasks.sort),
    holds(`Explore: points drawn are the rows that have them, ${count(top.rows)}`, 'equal', scatters(top.explore.canvases, top.rows)),
    atLeast(`Explore: 20,000 rows a second up to ${count(r.streaming.rows)}`, 50, r.streaming.fps, (n) => `${n.toFixed(1)} fps`),
    atMost('Explore: the longest task meanwhile', 50, longest(r.streaming.long)),
    holds('Explore: points drawn after that', 'equal', scatters(r.streaming.points, r.streaming.rows + 4)),
    holds(`Workers: bars of ${count(r.workers.many)} workers`, count(r.workers.wanted), r.workers.bars === r.workers.wanted, count(r.workers.bars)),
    atMost('Workers: p95 of a frame while scrolling', 34, r.workers.p95),
    atMost(`Logs: the longest task at ${count(r.logs.rate)} lines a second, ${count(r.logs.lines)} lines`, 50, longest(r.logs.long)),
    holds('Logs: the last line is shown', count(r.logs.lines), r.logs.last === r.logs.lines, count(r.logs.last)),
    ...r.exports.map((e) => holds(`Export of ${count(top.rows)} rows as ${e.label}: bytes are those of rush export`, 'equal', e.same)),
    ...r.exports.map((e) => atMost(`Export as ${e.label}: growth of the tab's memory`, 20, e.after - e.before, (n) => `${n.toFixed(0)} MB`)),
    ...loads(r),
    atMost('All JavaScript, gzipped', 150 * 1024, r.scripts, (n) => `${(n / 1024).toFixed(1)} KB`),
  ];
}

/** The views, and under which name their measurements are. */
const VIEWS = [['Overview', 'overview'], ['Tasks', 'tasks'], ['Explore', 'explore'], ['Workers', 'workers'], ['Logs', 'logs']];

/** The longest task while a view loads: short at 100,000 tasks, bearable at a million. */
function loads(r) {
  return r.sizes
    .filter((s) => s.rows >= 100000)
    .flatMap((s) => VIEWS.map(([label, view]) => atMost(`${label}: the longest task while it loads, ${count(s.rows)} tasks`, s.rows > 100000 ? 100 : 50, longest(s[view].long))));
}

/** Writes the page, and returns the promises that were missed. */
export function writePage(file, r) {
  const sizes = table(
    ['tasks', 'snapshot', 'served in', 'first paint', 'counts', 'overview drawn', 'table: p95 of a frame', 'sort', 'Explore drawn', 'zoom', 'memory of the tab'],
    r.sizes.map((s) => [
      count(s.rows), mb(s.bytes), ms(s.served), ms(s.overview.paint), ms(s.overview.counts), ms(s.overview.drawn), ms(s.tasks.scroll.p95), ms(s.tasks.sort),
      ms(s.explore.all), ms(s.explore.zoomed), `${Math.round(s.explore.memory)} MB`,
    ]),
  );
  const long = table(
    ['tasks', ...VIEWS.map(([label]) => label)],
    r.sizes.map((s) => [count(s.rows), ...VIEWS.map(([, view]) => longText(s[view].long))]),
  );
  const flows = table(
    ['what streams in', 'fps', 'p95 of a frame', 'worst frame', 'long tasks', 'bytes'],
    [
      [`${count(r.streaming.rows)} tasks into Explore in ${(r.streaming.took / 1000).toFixed(1)} s`, r.streaming.fps.toFixed(1), ms(r.streaming.p95), ms(r.streaming.worst), longText(r.streaming.long), `${mb(r.streaming.bytes)} in ${count(r.streaming.count)} frames`],
      [`${count(r.logs.rate)} lines of the log a second for ${r.logs.seconds} s`, r.logs.fps.toFixed(1), ms(r.logs.p95), ms(r.logs.worst), longText(r.logs.long), ''],
    ],
  );
  const exported = table(
    ['export', 'bytes', 'took', 'memory of the tab before', 'after'],
    r.exports.map((e) => [e.label, mb(e.bytes), ms(e.took), `${Math.round(e.before)} MB`, `${Math.round(e.after)} MB`]),
  );
  const all = promises(r);
  const missing = all.filter((p) => p[3] !== 'kept');
  const missed = missing.length;
  writeFileSync(
    file,
    `# The page, measured

\`make bench-ui\` wrote this: the page in Chromium ${r.browser}, without a display or a GPU,
against a real server with the embedded store, all on one machine with ${r.cores} cores
(${r.cpu.trim()}). Tasks have four inputs and two outputs. The window is 1280 by 720.

## What is promised

${missed === 0 ? 'All of it is kept.' : `${missed} of ${all.length} ${missed === 1 ? 'is' : 'are'} missed here.`}

${table(['promise', 'wanted', 'measured', ''], all)}

## By the number of tasks

Times count from the beginning of the navigation, in a tab of its own: first paint is
the browser's first contentful paint, counts are those of the overview, and "drawn" is
when every plot in sight has its points. A frame takes 16.7 ms or a multiple of it. A
long task is one of more than 50 ms. "Zoom" is a turn of the wheel over the history, from
the event to the end of the frame.

${sizes}

Long tasks while a view loads:

${long}

## What streams in

${flows}

The workers' view has ${count(r.workers.bars)} bars after ${ms(r.workers.drawn)}; long tasks: ${longText(r.workers.long)}.

## Exports

The browser's download is compared, byte by byte, with the file that \`rush export\` writes.

${exported}
`,
  );
  return missing;
}
