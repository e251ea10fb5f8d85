// Package plugins connects worker processes with the programs that start
// them, through hashicorp/go-plugin: what a person's own program serves, and
// the host's side of a worker process.
//
// A Go program that is to run workers calls Serve first thing in main:
//
//	func main() {
//		plugins.Serve(plugins.Program{
//			Objectives: map[string]loops.Objective{"add": loops.ObjectiveFunc(add)},
//		})
//		// From here on the program is itself: it opens a network and starts
//		// workers, which are this same program, started once more.
//	}
//
// Serve returns at once unless the process was started as a worker; then it
// serves until the worker has ended, and exits.
package plugins
