// Package sqlitestore is the embedded store: one SQLite file that every
// process on this machine opens by itself, with no server and nothing to
// install.
//
//	s, err := sqlitestore.Open(ctx, "/home/me/search/rush.db", nil)
//	if err != nil { ... }
//	defer s.Close()
//	turn, err := s.Network("branin").Next(ctx, step)
//
// These files lie beside each other: the database (and what SQLite keeps for
// it, -wal and -shm); FILE-lock, which every write transaction locks first;
// FILE-wake, FILE-signal and FILE-log, which are touched when somebody waits
// for a change of tasks or of workers or for an entry of the log; and
// FILE-clock, which says what time it is.
//
// # Writing
//
// Each Store has one goroutine that writes. It takes requests from a channel,
// locks FILE-lock and runs BEGIN IMMEDIATE to COMMIT. The lock file is there
// because SQLite's own lock makes writers try again after growing pauses, in
// which one process can starve for most of a second, while a file lock wakes
// the next one at once. It holds the pid of the last holder: one that was
// stopped by a signal is named in the error of those who wait for it.
//
//	verb --> Store.write --> writer goroutine: lock, BEGIN, verb's function,
//	                         COMMIT, unlock, hub.committed --> waiters
//
// What is committed gathers in FILE-wal. A second goroutine brings it into the
// database, which waits for the disk, while transactions go on.
//
// # Reading
//
// Reads use a small pool of connections and never take a lock that a writer
// would wait for; each sees one moment.
//
// # Waiting
//
// A waiter joins the hub, looks, and blocks until it is nudged. The hub nudges
// on the commits of its own process and, through FILE-wake, on those of
// others. A lost nudge costs a second: the hub then looks at the file's
// version by itself.
//
// # Time
//
// All who have the file open go by one clock, which the first of them sets by
// the machine's: it goes on steadily when that is set to another time. What is
// recorded until all have closed the file is off by as much.
//
// # The file
//
// schema.sql describes the tables; xs, ys and the other blobs are MessagePack
// maps. The views tasks_view, workers_view and networks_view are for people
// with another SQLite tool.
package sqlitestore
