// Branin's function; its minimum is 0.397887.
const { serve } = require("./rush_objective.js")

serve(({ x1, x2 }, task) => {
  const { PI, cos } = Math
  task.progress("almost there")
  const y = (x2 - (5.1 / (4 * PI ** 2)) * x1 ** 2 + (5 / PI) * x1 - 6) ** 2 + 10 * (1 - 1 / (8 * PI)) * cos(x1) + 10
  console.log("a print is shown, and disturbs nothing")
  return { y, luck: task.random() }
})
