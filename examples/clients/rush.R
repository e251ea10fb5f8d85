# rush from R: ask for points, tell what came out, fetch the table.
#
#   source("rush.R")
#   net <- rush_open(search = "search.yaml")
#   while (length(task <- rush_ask(net, wait = 60)) || !nzchar(rush_over(net)))
#     for (t in task) rush_tell(net, t, y = (t$xs$x1 - 1)^2)
#   print(rush_fetch(net, "finished"))
#   rush_close(net)
#
# Any number of programs, and worker processes, may take part in a network at the
# same time. A task that was asked for and not told is given to others when the
# network is closed, or this program dies.
#
# Copy this file: it needs R, no package, the command rush, and a system with
# mkfifo (Linux, macOS).

# rush_open takes part in a network as a worker.
#
# name: of the network; default: the one that was used last
# search: a search file, which is begun unless that was done before
# store: redis://..., or a file; default: as for the command
# worker: a name for this program; default: a new one
# command: the program rush
rush_open <- function(name = NULL, search = NULL, store = NULL, worker = NULL,
                      command = Sys.getenv("RUSH", "rush")) {
  flag <- function(flag, value) if (!is.null(value)) paste(flag, shQuote(value))
  where <- flag("--store", store)
  args <- c("ask", "--serve", flag("--search", search), where, flag("--worker", worker),
            if (!is.null(name)) shQuote(name))
  answers <- tempfile("rush-", fileext = ".fifo")
  if (system2("mkfifo", shQuote(answers)) != 0) stop("rush: there is no mkfifo here")
  net <- new.env()
  net$command <- paste(shQuote(command), where)
  net$over <- ""
  net$requests <- pipe(paste(shQuote(command), paste(args, collapse = " "), ">", shQuote(answers)), "w")
  net$answers <- fifo(answers, "r", blocking = TRUE)
  unlink(answers) # both ends are open
  net$network <- tryCatch(.rush_call(net, list(status = TRUE))$network, error = function(e) {
    rush_close(net)
    stop(e)
  })
  net
}

# rush_close leaves the network.
rush_close <- function(net) {
  close(net$requests)
  close(net$answers)
}

# rush_ask takes up to n tasks, queued ones first, else points that the loop
# proposes, and waits up to so many seconds for the first. Each is a list with
# task (its number), attempt, xs, constants, seed and rng_stream (for
# .Random.seed). If there is none rush_over says whether any will come.
rush_ask <- function(net, n = 1, wait = 0) {
  answer <- .rush_call(net, list(ask = as.integer(n), wait = wait))
  net$over <- answer$over
  answer$tasks
}

# rush_over says why no more points will come; it is empty while some may.
rush_over <- function(net) net$over

# rush_tell reports the outputs of a task, by name.
rush_tell <- function(net, task, ...) {
  result <- list(task = task$task, attempt = task$attempt, ys = list(...))
  invisible(.rush_call(net, list(tell = list(result))))
}

# rush_fail reports that the evaluation of a task failed, and why.
rush_fail <- function(net, task, message = "") {
  result <- list(task = task$task, attempt = task$attempt, fail = message)
  invisible(.rush_call(net, list(tell = list(result))))
}

# rush_push queues points, each a named list, and returns their tasks' numbers.
rush_push <- function(net, points) unlist(.rush_call(net, list(push = unname(points)))$keys)

# rush_fetch returns the data frame of all tasks, or of those in the states.
rush_fetch <- function(net, states = character()) {
  state <- if (length(states)) paste("--state", paste(states, collapse = ","))
  table <- pipe(paste(net$command, "export", shQuote(net$network), "-o - --format csv", state))
  utils::read.csv(table, check.names = FALSE, stringsAsFactors = FALSE, na.strings = "")
}

# rush_fetch_new returns the data frame of the tasks that finished since the last
# call, after waiting up to so many seconds for the first.
rush_fetch_new <- function(net, wait = 0) .rush_frame(.rush_call(net, list(fetch = "new", wait = wait))$rows)

.rush_frame <- function(rows) {
  if (!length(rows)) return(data.frame())
  columns <- lapply(names(rows[[1]]), function(name) {
    values <- lapply(rows, function(row) if (is.null(row[[name]])) NA else row[[name]])
    if (any(lengths(values) != 1)) return(I(values))
    values <- unlist(values)
    text <- values[!is.na(values)]
    if (is.character(values) && length(text) && all(text %in% c("NaN", "Infinity", "-Infinity"))) {
      values <- as.numeric(sub("Infinity", "Inf", values)) # numbers that JSON does not have
    }
    values
  })
  names(columns) <- names(rows[[1]])
  data.frame(columns, check.names = FALSE, stringsAsFactors = FALSE)
}

.rush_call <- function(net, request) {
  writeLines(.rush_to_json(request), net$requests)
  flush(net$requests)
  line <- readLines(net$answers, 1)
  if (!length(line)) stop("rush has ended; what it printed says why", call. = FALSE)
  Encoding(line) <- "UTF-8"
  answer <- .rush_from_json(line)
  if (!is.null(answer$error)) stop("rush: ", answer$error, call. = FALSE)
  answer
}

# A list with names is an object, any other list or longer vector an array.
.rush_to_json <- function(v) {
  if (is.null(v)) return("null")
  if (is.factor(v)) v <- as.character(v)
  if (!is.null(names(v))) {
    members <- vapply(v, .rush_to_json, "")
    return(paste0("{", paste0(.rush_quote(names(v)), ":", members, collapse = ","), "}"))
  }
  if (is.list(v) || length(v) != 1) {
    return(paste0("[", paste0(vapply(v, .rush_to_json, ""), collapse = ","), "]"))
  }
  if (is.character(v)) return(if (is.na(v)) "null" else .rush_quote(v))
  if (is.nan(v)) return("NaN")
  if (is.na(v)) return("null")
  if (is.logical(v)) return(if (v) "true" else "false")
  if (is.infinite(v)) return(if (v > 0) "Infinity" else "-Infinity")
  if (is.integer(v)) return(format(v, scientific = FALSE))
  sub("^(-?[0-9]+)$", "\\1.0", format(v, digits = 17)) # a double stays one
}

.rush_quote <- function(s) {
  s <- gsub("([\\\\\"])", "\\\\\\1", enc2utf8(s))
  s <- gsub("\t", "\\\\t", gsub("\n", "\\\\n", s))
  paste0("\"", gsub("[[:cntrl:]]", " ", s), "\"")
}

.rush_from_json <- function(text) {
  pattern <- "\"(\\\\.|[^\"\\\\])*\"|[][{}:,]|[^][{}:,\" \t]+"
  tokens <- regmatches(text, gregexpr(pattern, text, perl = TRUE))[[1]]
  at <- 0
  take <- function() tokens[at <<- at + 1]
  value <- function(token = take()) {
    switch(substr(token, 1, 1), "{" = object(), "[" = array(), "\"" = string(token), scalar(token))
  }
  object <- function() {
    members <- list()
    while ((token <- take()) != "}") {
      if (token == ",") next
      take() # the colon
      members[string(token)] <- list(value())
    }
    members
  }
  array <- function() {
    items <- list()
    while ((token <- take()) != "]") if (token != ",") items[length(items) + 1] <- list(value(token))
    simple <- length(items) > 0 && all(vapply(items, function(v) is.atomic(v) && length(v) == 1, NA))
    if (simple) unlist(items) else items
  }
  scalar <- function(token) {
    switch(token, true = TRUE, false = FALSE, null = NULL, {
      number <- as.numeric(token)
      if (!grepl("[.eE]", token) && abs(number) <= .Machine$integer.max) as.integer(number) else number
    })
  }
  string <- function(token) {
    token <- substr(token, 2, nchar(token) - 1)
    if (!grepl("\\", token, fixed = TRUE)) return(token)
    parts <- regmatches(token, gregexpr("\\\\u[0-9a-fA-F]{4}|\\\\.|[^\\\\]+", token, perl = TRUE))[[1]]
    paste(vapply(parts, unescape, ""), collapse = "")
  }
  unescape <- function(part) {
    if (substr(part, 1, 1) != "\\") return(part)
    letter <- substr(part, 2, 2)
    switch(letter, u = intToUtf8(strtoi(substr(part, 3, 6), 16)), n = "\n", t = "\t", r = "\r", b = "\b", f = "\f", letter)
  }
  value()
}
