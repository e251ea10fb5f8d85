// Package detached says how a program is started as the host of detached
// workers: by an environment variable, and apart from who started it, so that
// it outlives that process and its terminal.
package detached

import "os"

// variable is the environment variable that a host is started with.
const variable = "RUSH_DETACHED_HOST"

// Environment is what a host has in its environment beside what it inherits.
func Environment() string { return variable + "=1" }

// Hosting reports whether this process was started as a host, and has not yet
// begun to be one.
func Hosting() bool { return os.Getenv(variable) != "" }

// Begin makes Hosting false, here and in what is started from here.
func Begin() error { return os.Unsetenv(variable) }
