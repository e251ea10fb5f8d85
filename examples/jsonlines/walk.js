// A walk: each worker takes steps from the best point that any worker has found.
const rush = require('./rush_loop')

const params = rush.hello.space.params
let best = null

for (let task; (task = rush.take());) {
  for (const row of rush.rows({new: true})) if (!best || row.y < best.y) best = row
  if ('number' in task) {
    const uniform = task.random
    const xs = {}
    for (const {name, lower, upper} of params) {
      const x = best ? best[name] + (uniform() - 0.5) * 0.3 * (upper - lower) : lower + uniform() * (upper - lower)
      xs[name] = Math.min(Math.max(x, lower), upper)
    }
    task = rush.start(task.number, xs)
  }
  if (!task) continue
  const {ys} = rush.call('evaluate', {key: task.key, finish: true})
  console.log('task', task.key, ys)
}
