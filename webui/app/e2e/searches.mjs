// The searches that the checks look at, each made when it is first needed.

/** Branin: fast, two numbers, all finish. */
export const branin = (evals) => `network: branin
seed: 7
workers: 2
objective: {builtin: branin}
codomain: {y: minimize}
loop: {name: random_search}
terminate: {evals: ${evals}}
`;

/**
 * Two outputs, four parameters of every type, learning curves, failures with hostile
 * messages; pause is in ms for each of the five steps of a task.
 */
export const mixed = (name, evals, pause = 0, hostile = true, workers = 2) => `network: ${name}
seed: 11
workers: ${workers}
log: info
objective: {command: [node, objective.mjs], keep: true}
constants: {pause: ${pause}, hostile: ${hostile}}
space:
  rate: {type: dbl, lower: 1e-4, upper: 1, log: true}
  layers: {type: int, lower: 1, upper: 8}
  kernel: {type: fct, levels: [rbf, linear, poly]}
  shrink: {type: lgl}
codomain: {loss: minimize, seconds: minimize}
loop: {name: random_search}
stop_after_failures: 0
terminate: {evals: ${evals}}
`;

/** A search in which the median rule stops tasks early. */
export const stopping = (name, evals, pause = 0) =>
  mixed(name, evals, pause, false)
    .replace('hostile: false', 'hostile: false, steps: 30')
    .replace('codomain: {loss: minimize, seconds: minimize}', 'codomain: {loss: minimize}\nearly_stopping: {median: {grace: 4, enough: 5}}');

/** A search that promotes points to larger budgets. */
export const halving = (name, evals, pause = 0) => `network: ${name}
seed: 3
workers: 2
objective: {command: [node, objective.mjs], keep: true}
constants: {pause: ${pause}, hostile: false, steps: 0, failing: 0}
space:
  rate: {type: dbl, lower: 1e-4, upper: 1, log: true}
  layers: {type: int, lower: 1, upper: 8}
  epochs: {type: int, lower: 1, upper: 27, fidelity: true}
codomain: {loss: minimize}
loop: asha
terminate: {evals: ${evals}}
`;

/** How many tasks are pushed beside the four that the search of "large" finishes. */
export const LARGE = 99_996;

const makers = {
  /** 10,000 tasks of Branin. */
  branin: (world) => world.search('branin', branin(10000)),
  /** 300 tasks, 18 of which failed. */
  digits: (world) => world.search('digits', mixed('digits', 300)),
  /** 100,000 tasks. */
  large: async (world) => {
    await world.search('large', mixed('large', 4));
    await world.fill('rows', 'large', { rows: LARGE });
  },
  /** 80 tasks, some of which were stopped early. */
  curves: (world) => world.search('curves', stopping('curves', 80)),
  /** 120 tasks of points that are promoted to larger budgets. */
  rungs: (world) => world.search('rungs', halving('rungs', 120)),
  /** One that goes on as long as the checks do. */
  live: (world) => world.startSearch('live', mixed('live', 1_000_000, 15)),
};

/** Makes searches of these names in a world, unless they are there. */
export function maker(world) {
  const made = new Map();
  return async (...names) => {
    for (const name of names) {
      if (!made.has(name)) made.set(name, makers[name](world));
      await made.get(name);
    }
  };
}
