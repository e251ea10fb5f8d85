// What is measured in the page itself.

/** Runs before the page's own scripts: keeps long tasks, and when something was first seen. */
export function watch() {
  window.seen = { long: [], at: {} };
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) window.seen.long.push({ at: e.startTime, ms: e.duration });
  }).observe({ type: 'longtask', buffered: true });
  const first = {
    counts: () => /\d/.test(document.querySelector('[data-count=finished]')?.textContent ?? ''),
    drawn: () => Number(document.querySelector('canvas[data-points]')?.dataset.points) > 0,
    table: () => document.querySelector('[role=gridcell]') !== null,
    bars: () => Number(document.querySelector('canvas[data-bars]')?.dataset.bars) > 0,
  };
  const look = () => {
    for (const [name, there] of Object.entries(first)) if (!(name in window.seen.at) && there()) window.seen.at[name] = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Long tasks since a moment of the page's clock. */
export const longTasks = (page, since = 0) => page.evaluate((from) => window.seen.long.filter((t) => t.at >= from).map((t) => t.ms), since);

export const now = (page) => page.evaluate(() => performance.now());

/** Begins to take the times between frames; the function that it returns ends that and returns them. */
export async function frames(page) {
  await page.evaluate(() => {
    window.frames_ = { times: [], on: true };
    let last = performance.now();
    const step = () => {
      const t = performance.now();
      window.frames_.times.push(t - last);
      last = t;
      if (window.frames_.on) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  return () => page.evaluate(() => ((window.frames_.on = false), window.frames_.times));
}

/** Frames in a second, the 95th percentile and the longest of their times. */
export function pace(times) {
  const sorted = times.slice().sort((a, b) => a - b);
  const total = times.reduce((a, b) => a + b, 0);
  return { fps: (1000 * times.length) / total, p95: sorted[Math.floor(sorted.length * 0.95)], worst: sorted.at(-1) };
}

/** Does something in the page and returns how long it took until a frame shows what is wanted. */
export const timed = (page, act, wanted) =>
  page.evaluate(
    ([a, w]) =>
      new Promise((resolve) => {
        const shows = (0, eval)(`(${w})`);
        const began = performance.now();
        (0, eval)(`(${a})`)();
        const look = () => (shows() ? resolve(performance.now() - began) : requestAnimationFrame(look));
        look();
      }),
    [String(act), String(wanted)],
  );
