// Package command makes an objective of any command: a Python or R script, a
// shell script, a simulator. Each task is one process of it.
//
//	objective, err := command.New(command.Spec{Command: []string{"python3", "train.py"}},
//		"/home/me/search", loops.Codomain{{Name: "y", Goal: loops.Minimize}}, nil)
//
// What goes in: the point and the constants as one JSON object, a line on stdin,
// and each of them as the environment variable RUSH_X_name (characters other than
// ASCII letters, digits and _ become _; a value of more than 32 KiB is on stdin
// only). Texts stand there as they are, everything else as JSON. Beside them:
//
//	RUSH_NETWORK, RUSH_WORKER_ID, RUSH_TASK, RUSH_ATTEMPT
//	RUSH_SEED         one integer from 0 to 2^31-1, for languages that are seeded so
//	RUSH_RNG_STREAM   seven integers with commas between them: R's .Random.seed
//	RUSH_BASE         the search file's directory
//	RUSH_DIR          the directory that the process runs in
//	RUSH_PROGRESS     a file to tell how far it is: its last line, JSON or a text,
//	                  is the task's progress; null clears it
//	RUSH_CHECKPOINT   a file to leave a checkpoint in, for the task that continues
//	                  this one with a larger budget; empty if there will be none
//	RUSH_CHECKPOINT_FROM  a file with the checkpoint of the task that this one
//	                  continues; empty if there is none
//
// A program that knows nothing of this is given its inputs by placeholders. In
// arguments, in env, in template files and in the names of files, {{x1}} is the
// value of the parameter or constant x1, and rush.network, rush.worker, rush.task,
// rush.attempt, rush.seed, rush.rng_stream, rush.base and rush.dir are what the
// variables above are. What was filled in is not looked at again, so a constant
// can hold braces that are to stay.
//
// Where: the process runs in the search file's directory, and a program with a
// slash in its name, templates and every other path in the [Spec] are relative to
// it. With a directory per task ([Dir]) it runs in that one: what is written and
// the answer's file are relative to it then, and an argument that is, as it
// stands, the name of a file in the search file's directory is made absolute.
//
// What comes out is the last line of stdout that is not empty, one JSON object
// (NaN, Infinity and -Infinity are numbers there); a number alone will do when the
// codomain has one name. [Answer] says how to take it from a file, or by regular
// expressions from what was printed.
//
// How it fails: an exit code other than 0, and an answer that is missing or is
// none, is a condition of class error; a process that a signal ended is one of
// class crashed. Past ctx's deadline its process group is ended (SIGTERM, and
// SIGKILL after a grace) and the class is timeout; when ctx is cancelled the group
// is ended as well and the error is ctx's cause. Every condition has the exit code
// or the signal, and the last 4 KiB of stderr. See internal/process for what
// becomes of descendants.
package command
