package rush

import "time"

// A WorkerState is where a worker stands.
type WorkerState string

// The states of a worker.
const (
	WorkerStarting   WorkerState = "starting"   // its process was started, but it is not registered yet
	WorkerRunning    WorkerState = "running"    // registered and alive, busy or idle
	WorkerPaused     WorkerState = "paused"     // alive, but takes no tasks
	WorkerTerminated WorkerState = "terminated" // ended by itself or because it was asked to
	WorkerKilled     WorkerState = "killed"     // stopped at once by a person
	WorkerLost       WorkerState = "lost"       // died, or stopped beating
)

// Alive reports whether a worker in this state can still deliver results.
func (s WorkerState) Alive() bool { return s == WorkerRunning || s == WorkerPaused }

// A Worker is what the network knows of one of its workers.
type Worker struct {
	ID       WorkerID
	State    WorkerState
	Reason   string // how it ended; empty while alive
	Local    bool   // started by a manager on its own machine
	PID      int    // of its process; 0 for a client, which has none
	Host     string // of its process
	Platform string // GOOS/GOARCH
	User     string
	Dir      string // working directory
	Version  string // of rush
	Loop     string // name of the loop it runs
	Queues   []string

	Heartbeat  time.Duration // how often it beats
	Expiry     time.Duration // how long without a beat until it counts as lost
	Registered time.Time     // by the store's clock, like the next two
	Beat       time.Time     // the last beat
	Ended      time.Time
	Rejoined   int64 // how often it was declared lost and came back

	Running []TaskKey // what it evaluates now
	Tasks   int64     // endings that it delivered
	Busy    time.Duration
}

// Client reports whether the worker is no process: it stands for a person or a
// script that takes tasks and reports on them.
func (w *Worker) Client() bool { return w.PID == 0 && w.Host == "" }

// A Signal is what a worker is told to do from outside.
type Signal string

// The signals.
const (
	SignalNone      Signal = ""
	SignalTerminate Signal = "terminate" // finish the running task, then end
	SignalKill      Signal = "kill"      // end at once
)
