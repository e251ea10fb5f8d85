package rush

import (
	"log/slog"
	"slices"
	"strings"
	"time"
)

// A LogKind says where an entry of a network's log comes from.
type LogKind string

// The kinds of entries.
const (
	LogRecord LogKind = "log"    // told by a program, through a logger
	LogEvent  LogKind = "event"  // in the life of a worker or of the network
	LogStdout LogKind = "stdout" // a line that a worker or an objective printed
	LogStderr LogKind = "stderr" // the same, on stderr
)

// LogKinds lists every kind.
func LogKinds() []LogKind { return []LogKind{LogRecord, LogEvent, LogStdout, LogStderr} }

// A LogEntry is an entry of a network's log.
type LogEntry struct {
	Offset  int64     // its place in the log, counted from 0
	Time    time.Time // when it happened, by the store's clock
	Worker  WorkerID  // whom it is about; "" is the network as a whole
	Task    TaskKey   // that it is about, or NoTask
	Kind    LogKind
	Level   slog.Level
	Logger  string // the name of who told it, as in "rush/objective"; "" is nobody
	Message string
	Attrs   Values // what was told besides
}

// A LogFilter says which entries of a log are wanted: those that all of its
// fields let through. The zero value lets everything through.
type LogFilter struct {
	Workers []WorkerID   // of one of these workers; nil is any
	Tasks   []TaskKey    // about one of these tasks; nil is any
	Kinds   []LogKind    // of one of these kinds; nil is any
	Loggers []string     // told by one of these loggers or one below it (see UnderLogger); nil is any
	Level   slog.Leveler // of this level or above; nil is any
}

// Match reports whether the filter lets an entry through.
func (f *LogFilter) Match(e *LogEntry) bool {
	return (f.Level == nil || e.Level >= f.Level.Level()) &&
		(f.Kinds == nil || slices.Contains(f.Kinds, e.Kind)) &&
		(f.Workers == nil || slices.Contains(f.Workers, e.Worker)) &&
		(f.Tasks == nil || slices.Contains(f.Tasks, e.Task)) &&
		(f.Loggers == nil || slices.ContainsFunc(f.Loggers, func(name string) bool { return UnderLogger(e.Logger, name) }))
}

// UnderLogger reports whether a logger is the named one or below it: its name
// goes on with a slash or a dot. Every logger is below "".
func UnderLogger(logger, name string) bool {
	rest, found := strings.CutPrefix(logger, name)
	return found && (name == "" || rest == "" || rest[0] == '/' || rest[0] == '.')
}

// A LogPage is a stretch of a network's log.
type LogPage struct {
	Entries []LogEntry // those that the filter let through
	Next    Cursor     // where the following page begins
	More    bool       // whether the log had more when it was read
	// Dropped is how many entries after the cursor were dropped before they
	// could be read, because the log keeps only so many.
	Dropped int64
	// Reset says that the network was reset since the cursor was made: the
	// page begins at the beginning of the new log.
	Reset bool
}
