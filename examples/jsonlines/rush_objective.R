# An objective in R whose process stays: command: [Rscript, f.R], keep: true
#
#   source("rush_objective.R")
#   rush_serve(function(xs, task) list(y = (xs$x1 - 1)^2))
#
# task has constants, seed, timeout, ... and the functions progress(value),
# log(text, level), report(step, ys), which is TRUE when the task should stop early,
# and should_stop(), the same between two reports. With a fidelity parameter load() is what
# was saved by the task that this one continues (NULL: begin at the beginning), and
# save(value) is for the one that continues this one (docs/fidelity.md). runif() and its
# kin draw from the task's own stream. Copy this file: it needs R and jsonlite. Lines:
# docs/json-lines.md.

# rush_json writes a message. All digits of a number, NaN and the infinities are
# kept, which jsonlite has no way for: they go past it between marks.
rush_json <- function(message) {
  number <- function(v) ifelse(is.nan(v), "NaN", ifelse(is.na(v), "null", ifelse(is.infinite(v),
    ifelse(v > 0, "Infinity", "-Infinity"), sprintf("%.17g", v))))
  marked <- rapply(message, function(v) if (is.factor(v)) v else paste0("\001", number(v), "\001"), "numeric", how = "replace")
  json <- jsonlite::toJSON(marked, auto_unbox = TRUE, null = "null", na = "null")
  gsub('"\\\\u0001([^"\\\\]*)\\\\u0001"', "\\1", json)
}

rush_say <- function(...) cat(rush_json(list(...)), "\n", sep = "")

rush_serve <- function(objective) {
  lines <- file("stdin", open = "r", encoding = "UTF-8")
  RNGkind("L'Ecuyer-CMRG")
  while (length(line <- readLines(lines, n = 1)) == 1) {
    task <- jsonlite::fromJSON(line)
    task$progress <- function(value) rush_say(progress = value)
    task$log <- function(text, level = "info", ...) rush_say(log = text, level = level, ...)
    ask <- function(...) {
      rush_say(...)
      jsonlite::fromJSON(readLines(lines, n = 1))$stop
    }
    task$report <- function(step, ys) ask(report = list(step = as.integer(step), ys = as.list(ys)))
    task$should_stop <- function() ask(ask = "stop")
    task$load <- function() if (!is.null(task$checkpoint_from)) readRDS(task$checkpoint_from)
    task$save <- function(value) if (!is.null(task$checkpoint)) saveRDS(value, task$checkpoint)
    assign(".Random.seed", as.integer(task$rng_stream), envir = globalenv())
    trace <- NULL
    answer <- tryCatch(
      withCallingHandlers(
        list(ys = as.list(objective(as.list(task$xs), task))),
        warning = function(w) {
          task$log(conditionMessage(w), "warn")
          invokeRestart("muffleWarning")
        },
        error = function(e) trace <<- paste(rev(vapply(sys.calls(), function(call) deparse(call)[1], "")), collapse = "\n")
      ),
      error = function(e) list(error = conditionMessage(e), trace = trace)
    )
    do.call(rush_say, c(list(task = task$task, attempt = task$attempt), answer))
  }
}
