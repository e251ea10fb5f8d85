# Search for the minimum of Branin's function, evaluated here.
#
#   Rscript search.R
#
# Start it several times, or search.py beside it: they share the work.

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
source(file.path(here, "rush.R"))

branin <- function(x1, x2) {
  (x2 - 5.1 / (4 * pi^2) * x1^2 + 5 / pi * x1 - 6)^2 + 10 * (1 - 1 / (8 * pi)) * cos(x1) + 10
}

evaluate <- function(task) {
  x <- c(task$xs$x1, task$xs$x2)
  if (task$xs$method == "rounded") x <- round(x)
  branin(x[1], x[2]) + task$constants$offset
}

net <- rush_open(search = file.path(here, "search.yaml"))
while (!nzchar(rush_over(net))) {
  for (task in rush_ask(net, wait = 60)) {
    y <- tryCatch(evaluate(task), error = identity)
    if (inherits(y, "error")) {
      rush_fail(net, task, conditionMessage(y))
    } else {
      rush_tell(net, task, y = y, language = "R")
    }
  }
}
finished <- rush_fetch(net, "finished")
best <- finished[which.min(finished$y), ]
cat(sprintf("the best of %d: y = %.4f at x1 = %.3f, x2 = %.3f\n", nrow(finished), best$y, best$x1, best$x2))
rush_close(net)
