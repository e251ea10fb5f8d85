// Package logstore writes what programs tell into a network's log, where
// everybody can read it.
//
// A Handler is a log/slog handler; network.Rush.LogHandler and
// rushworker.Worker.LogHandler make one. It never makes the program wait for
// the store for long and loses nothing silently: what it had to drop is
// counted and told in the log.
//
//	h := net.LogHandler(ctx, &logstore.Options{Thresholds: logstore.Thresholds{"": slog.LevelInfo}})
//	defer h.Close(ctx)
//	log := slog.New(h).With(logstore.LoggerKey, "my/program")
//	log.Info("the model was fitted", "loss", 0.25)
package logstore
