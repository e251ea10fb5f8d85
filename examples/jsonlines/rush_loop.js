// rush in JavaScript, for worker loops. It needs Node.js 16 or later and no package.
//
//   const rush = require('./rush_loop')
//   for (let task; (task = rush.take());) {     // a task, or the number of one to propose
//     if ('number' in task) task = rush.start(task.number, {x1: task.random()})
//     if (task) rush.call('evaluate', {key: task.key, finish: true})
//   }
//
// call calls any verb of docs/json-lines.md; call('declare', {help, arguments}), which
// says what the loop takes, comes first. In the search file:
//   loop: {command: [node, loop.js]}
const fs = require('fs')
// What the loop prints is shown, and is no verb.
globalThis.console = new console.Console(process.stderr, process.stderr)
let rest = Buffer.alloc(0)

function readLine() {
  const parts = [rest]
  while (!parts[parts.length - 1].includes(10)) {
    const part = Buffer.alloc(65536)
    const n = fs.readSync(0, part)
    if (n === 0) process.exit(1) // the worker is gone
    parts.push(part.subarray(0, n))
  }
  const all = Buffer.concat(parts), end = all.indexOf(10)
  rest = all.subarray(end + 1)
  return all.toString('utf8', 0, end)
}

function call(verb, members) {
  let line = Buffer.from(JSON.stringify({verb, ...members}) + '\n')
  while (line.length) line = line.subarray(fs.writeSync(1, line))
  const answer = JSON.parse(readLine())
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer
}

// generator draws from 0 to 1, the same for a seed: mulberry32.
const generator = (state) => () => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

// take brings a task; or, with number, one to propose with start, drawn with random();
// null when all is over.
function take() {
  const {key, task, ...drawn} = call('take')
  return key === undefined ? task : {number: key, random: generator(drawn.rng), ...drawn}
}

// start makes the task of a number that take brought; null if it is not ours any more.
const start = (number, xs, extra) => call('start', {key: number, xs, extra}).task

// rows are the finished tasks, or those that are new since the last call.
const rows = (members) => call('fetch', members).rows

module.exports = {call, take, start, rows, get hello() { return (this.told ??= call('hello')) }}
