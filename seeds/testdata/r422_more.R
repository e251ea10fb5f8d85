# Writes r422_more.json: what the seeds of 42 in lecuyer_r422_seed42.json do not reach.
# R 4.2.2, in this directory: Rscript r422_more.R > r422_more.json
library(parallel)
RNGkind("L'Ecuyer-CMRG", "Inversion", "Rejection")

numbers <- function(x) paste0("[", paste(x, collapse = ", "), "]")
texts <- function(x) paste0("[", paste0("\"", sprintf("%.17g", x), "\"", collapse = ", "), "]")
state <- function(s = .Random.seed) numbers(ifelse(is.na(s), -2147483648, s))
lines <- function(x) paste0("[\n    ", paste(x, collapse = ",\n    "), "\n  ]")
repeated <- function(f, s, n) { for (i in seq_len(n)) s <- f(s); s }

set_seed <- sapply(c(0, 1, -1, 123456789, 2147483647, -2147483647), function(seed) {
  set.seed(seed)
  sprintf("{\"seed\": %d, \"stream\": %s}", as.integer(seed), state())
})

set.seed(42)
base <- .Random.seed

sample_int <- mapply(function(n, size) {
  set.seed(42)
  values <- sample.int(n, size)
  sprintf("{\"n\": %.0f, \"size\": %.0f, \"last\": %s, \"after\": %s}",
    n, size, numbers(sprintf("%.0f", tail(values, 5))), state())
}, c(1, 2, 17, 1000, 1000, 65536, 65537, 1e5, 1e5, 1e7, 1e7 + 1, 1e7 + 1, 2^31 - 1, 3e9, 1e9, 4e15),
   c(1, 2, 17, 30, 100, 5, 5, 20, 9e4, 5000, 1, 20000, 4, 5, 3, 4))

runif_between <- mapply(function(lower, upper) {
  set.seed(42)
  sprintf("{\"lower\": %.17g, \"upper\": %.17g, \"values\": %s}", lower, upper, texts(runif(3, lower, upper)))
}, c(-2, 0.1, -1e300, 7), c(5, 0.3, 1e300, 7))

p <- c(2^-59, 1e-15, 1.3e-11, 1.4e-11, 1e-6, 0.01, 0.0749, 0.075, 0.0751, 0.3, 0.5, 0.9249, 0.925, 0.9251,
       0.999, 1 - 1e-9, 1 - 2^-52)
qnorm_at <- sprintf("{\"p\": \"%.17g\", \"value\": \"%.17g\"}", p, qnorm(p))

thousandth <- function(draw) {
  set.seed(42)
  x <- draw(1e5)
  sprintf("{\"every_1000th\": %s, \"after\": %s}", texts(x[seq(1000, 1e5, 1000)]), state())
}

cat("{\n")
cat(sprintf("  \"R\": \"%s\",\n", R.version.string))
cat(sprintf("  \"set_seed\": %s,\n", lines(set_seed)))
cat(sprintf("  \"stream_1000\": %s,\n", state(repeated(nextRNGStream, base, 1000))))
cat(sprintf("  \"substream_1000\": %s,\n", state(repeated(nextRNGSubStream, base, 1000))))
cat(sprintf("  \"sample_int\": %s,\n", lines(sample_int)))
cat(sprintf("  \"runif\": %s,\n", lines(runif_between)))
cat(sprintf("  \"qnorm\": %s,\n", lines(qnorm_at)))
cat(sprintf("  \"rnorm\": %s,\n", thousandth(rnorm)))
cat(sprintf("  \"rexp\": %s\n", thousandth(rexp)))
cat("}\n")
