# The second tutorial of R's rush: the median stopping rule. The loop is as it
# stands there, but that Debian has no xgboost for R: boosted stumps in base R take
# its place.
source("rush_loop.R")

# boost adds rounds to a model of stumps, each fitted to what is left.
boost = function(data, label, nrounds, params, model = NULL) {
  if (is.null(model)) model = list(base = mean(label), stumps = list())
  for (round in seq_len(nrounds)) {
    left = label - predict_boost(model, data)
    best = list(loss = Inf)
    for (j in seq_len(ncol(data))) for (cut in unique(data[, j])) {
      below = data[, j] <= cut
      a = sum(left[below]) / (sum(below) + params$lambda)
      b = sum(left[!below]) / (sum(!below) + params$lambda)
      loss = sum((left - ifelse(below, a, b))^2)
      if (loss < best$loss) best = list(loss = loss, j = j, cut = cut, a = a, b = b)
    }
    best$rate = params$rate
    model$stumps = c(model$stumps, list(best))
  }
  model
}

predict_boost = function(model, data) {
  y = rep(model$base, nrow(data))
  for (s in model$stumps) y = y + s$rate * ifelse(data[, s$j] <= s$cut, s$a, s$b)
  y
}

wl_median_stopping = function(rush, training_ids, test_ids, mtcars_data, response) {
  while (rush$n_finished_tasks < 1000) {
    params = list(
      rate = runif(1, 0.01, 1),
      lambda = runif(1, 0, 1)
    )

    model = NULL
    for (iteration in seq(5, 20)) {

      key = rush$push_running_tasks(xss = list(c(params, list(nrounds = iteration))))

      model = boost(
        data = as.matrix(mtcars_data[training_ids, ]),
        label = response[training_ids],
        nrounds = if (is.null(model)) 5 else 1,
        params = params,
        model = model
      )

      pred = predict_boost(model, as.matrix(mtcars_data[test_ids, ]))
      rmse = sqrt(mean((pred - response[test_ids])^2))

      rush$finish_tasks(key, yss = list(list(rmse = rmse)))

      tasks = rush$fetch_finished_tasks()
      ref = tasks[nrounds == iteration, rmse]
      if (length(ref) > 0 && rmse > median(ref)) break
    }
  }
}

rush$start_workers(
  worker_loop = wl_median_stopping,
  n_workers = 2,
  training_ids = seq(1, 32, by = 2),
  test_ids = seq(2, 32, by = 2),
  mtcars_data = mtcars[, -1],
  response = mtcars$mpg)
