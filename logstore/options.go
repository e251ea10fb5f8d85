package logstore

import (
	"fmt"
	"log/slog"
	"sort"
	"strings"
	"time"

	"github.com/rushnet/rush"
)

// LoggerKey is the key of the attribute that names a logger. It is kept as the
// entry's Logger and not among its attributes.
const LoggerKey = "logger"

// TaskKey is the key of the attribute with the number of the task that a
// record is about. It is kept as the entry's Task.
const TaskKey = "task"

// Thresholds are the lowest levels that are kept, by the name of the logger. A
// threshold holds for the loggers below it too ("rush" for "rush/objective");
// the longest name wins; "" is for all. Of a logger that none holds for nothing
// is kept.
type Thresholds map[string]slog.Level

// Enabled reports whether a logger's records of a level are kept.
func (t Thresholds) Enabled(logger string, level slog.Level) bool {
	longest, enabled := -1, false
	for name, threshold := range t {
		if len(name) > longest && rush.UnderLogger(logger, name) {
			longest, enabled = len(name), level >= threshold
		}
	}
	return enabled
}

// ParseThresholds reads thresholds as in "info" or "rush=debug,rush/loop=warn".
func ParseThresholds(s string) (Thresholds, error) {
	t := Thresholds{}
	for _, part := range strings.Split(s, ",") {
		name, text, named := strings.Cut(part, "=")
		if !named {
			name, text = "", part
		}
		var level slog.Level
		if err := level.UnmarshalText([]byte(strings.TrimSpace(text))); err != nil {
			return nil, fmt.Errorf("the threshold %q has no level; expected LEVEL or LOGGER=LEVEL, with debug, info, warn or error", part)
		}
		t[strings.TrimSpace(name)] = level
	}
	return t, nil
}

// String writes thresholds as ParseThresholds reads them.
func (t Thresholds) String() string {
	parts := make([]string, 0, len(t))
	for name, level := range t {
		if name != "" {
			name += "="
		}
		parts = append(parts, name+strings.ToLower(level.String()))
	}
	sort.Strings(parts)
	return strings.Join(parts, ",")
}

// Options are for New. Nil and the zero value are the defaults.
type Options struct {
	Worker rush.WorkerID // whom the entries are about; default: nobody
	Logger string        // the name of records that say none
	// Thresholds say what is kept; nil keeps everything from level info on.
	Thresholds Thresholds
	// Filter drops entries for which it is false, and may change the others: the
	// layout. It is called by the goroutine that logs.
	Filter func(*rush.LogEntry) bool
	// Buffer is how many entries are gathered before they are written. With 0
	// each is written as soon as the one before it was.
	Buffer int
	// FlushLevel is the level from which on a record is written at once,
	// with all before it, and waited for, for a second at most. Default: error.
	FlushLevel slog.Leveler
	// FlushEvery is how long an entry stays in the buffer at most. Default: a second.
	FlushEvery time.Duration
	// Queue is how many entries may wait while the store is slow or away; what
	// comes then is dropped and counted. Default: 10,000.
	Queue int
}

// The defaults of Options.
const (
	DefaultFlushEvery = time.Second
	DefaultQueue      = 10_000
)

func (o *Options) defaults() Options {
	d := Options{}
	if o != nil {
		d = *o
	}
	if d.Thresholds == nil {
		d.Thresholds = Thresholds{"": slog.LevelInfo}
	}
	if d.FlushLevel == nil {
		d.FlushLevel = slog.LevelError
	}
	if d.FlushEvery <= 0 {
		d.FlushEvery = DefaultFlushEvery
	}
	if d.Queue <= 0 {
		d.Queue = max(DefaultQueue, 2*d.Buffer)
	}
	return d
}
