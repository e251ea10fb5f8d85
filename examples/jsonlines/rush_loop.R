# rush in R, for worker loops: source this file and write the loop as for R's
# package rush. It needs R and jsonlite; with data.table the tables are such.
#
#   loop: {command: [Rscript, loop.R]}      in the search file
rush <- local({
  hear <- file("stdin", "r")
  say <- file("/dev/stdout", "w", raw = TRUE)
  sink(stderr()) # what the loop prints is shown, and is no verb
  call <- function(verb, ...) {
    writeLines(jsonlite::toJSON(list(verb = verb, ...), auto_unbox = TRUE, digits = I(17), null = "null", na = "string"), say)
    flush(say)
    line <- readLines(hear, 1)
    if (!length(line)) quit("no", 1) # the worker is gone
    answer <- jsonlite::fromJSON(line)
    if (!is.null(answer[["error"]])) stop("rush: ", answer[["error"]], call. = FALSE)
    answer
  }
  if (exists("rush_declares")) do.call(call, c("declare", rush_declares)) # what it takes: list(help = , arguments = )
  hello <- call("hello")
  assign(".Random.seed", hello$seed, envir = globalenv()) # this worker's own stream
  frame <- function(rows) {
    if (!length(rows)) rows <- data.frame(number = integer())
    names(rows)[names(rows) == "number"] <- "keys"
    rows
  }
  bind <- function(a, b) {
    if (!nrow(a) || !nrow(b)) return(if (nrow(a)) a else b)
    for (name in setdiff(names(a), names(b))) b[[name]] <- NA
    for (name in setdiff(names(b), names(a))) a[[name]] <- NA
    rbind(a, b)
  }
  shown <- function(rows) if (requireNamespace("data.table", quietly = TRUE)) data.table::as.data.table(rows) else rows
  cache <- frame(NULL); rush <- new.env()
  rush$call <- call
  rush$network_id <- hello$network
  rush$worker_id <- hello$worker
  rush$args <- hello$args
  rush$constants <- hello$constants
  rush$push_running_tasks <- function(xss, extra = NULL) {
    answer <- call("push_running", xss = unname(xss), extras = extra)
    if (length(answer$keys) < length(xss)) quit("no", 0) # the run is over
    answer$keys
  }
  rush$push_tasks <- function(xss, extra = NULL, ...) invisible(call("push", xss = unname(xss), extras = extra, ...)$keys)
  rush$finish_tasks <- rush$push_results <- function(keys, yss, extra = NULL) invisible(call("finish", keys = keys, yss = yss, extras = extra))
  rush$fail_tasks <- rush$push_failed <- function(keys, conditions = NULL) invisible(call("fail", keys = keys, conditions = conditions))
  rush$report <- function(key, step, ys) call("report", key = key, step = step, ys = ys)$stop # TRUE: stop the task early
  rush$pop_task <- function(timeout = 1, fields = "xs") call("pop", wait = timeout)$task
  rush$evaluate <- function(key, finish = TRUE) call("evaluate", key = key, finish = finish)
  rush$fetch_finished_tasks <- function(...) shown(cache <<- bind(cache, frame(call("fetch", new = TRUE)$rows)))
  rush$fetch_tasks_with_state <- function(states, ...) shown(frame(call("fetch", states = states)$rows))
  rush$log <- function(message, level = "info") invisible(call("log", message = message, level = level))
  rush$start_workers <- function(worker_loop, n_workers = 1, ...) worker_loop(rush, ...) # here: this is one
  for (state in c("queued", "running", "finished", "failed")) local({
    state <- state
    makeActiveBinding(paste0("n_", state, "_tasks"), function() call("counts")[[state]], rush)
  })
  for (name in c("terminated", "is_terminated")) makeActiveBinding(name, function() !isFALSE(call("terminated")$terminated), rush)
  rush
})
