// An objective in JavaScript whose process stays: command: [node, f.js], keep: true
//
//   const { serve } = require("./rush_objective.js")
//   serve((xs, task) => ({ y: (xs.x1 - 1) ** 2 }))
//
// The function may be async. task has constants, seed, timeout, ..., random()
// (seeded for the task), progress(value), log(text, level, attributes), report(step,
// ys), a promise that is true when the task should stop early, and shouldStop(), the
// same between two reports. With a fidelity parameter load() is what was saved by the task
// that this one continues (undefined: begin at the beginning), and save(value) is for the one
// that continues this one (docs/fidelity.md). Copy this file: it needs Node 18 and no
// package. Lines: docs/json-lines.md.
const fs = require("node:fs")
const readline = require("node:readline")
const v8 = require("node:v8")

// JSON has no NaN and no infinities: they go past it between marks.
function say(message) {
  const mark = (_, v) => (typeof v === "number" && !Number.isFinite(v) ? `\u0001${v}\u0001` : v)
  const json = JSON.stringify(message, mark).replace(/"\\u0001(-?Infinity|NaN)\\u0001"/g, "$1")
  process.stdout.write(json + "\n")
}

// mulberry32, a generator of 32 bits of state.
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

// serve answers tasks until there are no more.
async function serve(objective) {
  const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity })[Symbol.asyncIterator]()
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const { xs, ...task } = JSON.parse(line.value)
    const answer = { task: task.task, attempt: task.attempt }
    task.random = generator(task.seed)
    task.progress = (value) => say({ progress: value })
    task.log = (text, level = "info", attributes = {}) => say({ log: text, level, ...attributes })
    const ask = async (message) => {
      say(message)
      return JSON.parse((await lines.next()).value).stop
    }
    task.report = (step, ys) => ask({ report: { step, ys } })
    task.shouldStop = () => ask({ ask: "stop" })
    task.load = () => (task.checkpoint_from ? v8.deserialize(fs.readFileSync(task.checkpoint_from)) : undefined)
    task.save = (value) => task.checkpoint && fs.writeFileSync(task.checkpoint, v8.serialize(value))
    try {
      answer.ys = (await objective(xs, task)) ?? null
    } catch (e) {
      answer.error = String(e)
      answer.trace = e?.stack
    }
    say(answer)
  }
}

module.exports = { serve }
