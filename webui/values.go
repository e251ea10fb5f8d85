package webui

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"

	"github.com/rushnet/rush"
)

// exactInts is up to where JavaScript's numbers are exact.
const exactInts = 1<<53 - 1

// plain is a value as JSON can say it to a browser: integers beyond 2^53, NaN, the
// infinities, times and bytes are texts.
func plain(v any) any {
	switch v := v.(type) {
	case int64:
		if v > exactInts || v < -exactInts {
			return strconv.FormatInt(v, 10)
		}
		return v
	case float64:
		switch {
		case math.IsNaN(v):
			return "NaN"
		case math.IsInf(v, 1):
			return "Infinity"
		case math.IsInf(v, -1):
			return "-Infinity"
		}
		return v
	case time.Time:
		return moment(v)
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return list
	case map[string]any:
		return plainMap(v)
	case rush.Values:
		return plainMap(v)
	case rush.Reference:
		return v.String()
	}
	return v
}

func plainMap(v map[string]any) map[string]any {
	m := make(map[string]any, len(v))
	for name, value := range v {
		m[name] = plain(value)
	}
	return m
}

// moment is a time as RFC 3339 with microseconds, nil for none.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

// micros is a time in microseconds since 1970, nil for none.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// A runLine is a rush.Run.
type runLine struct {
	Status  rush.RunStatus `json:"status"`
	Reason  string         `json:"reason"`
	Elapsed int64          `json:"elapsed_us"`
	Started any            `json:"started_us"`
	Ended   any            `json:"ended_us"`
}

func runOf(r rush.Run) runLine {
	return runLine{r.Status, r.Reason, r.Elapsed.Microseconds(), micros(r.Started), micros(r.Ended)}
}

// A countsLine is rush.Counts.
type countsLine struct {
	Deferred int64 `json:"deferred"`
	Queued   int64 `json:"queued"`
	Running  int64 `json:"running"`
	Finished int64 `json:"finished"`
	Failed   int64 `json:"failed"`
	Total    int64 `json:"total"`
	Created  int64 `json:"created"`
	Deleted  int64 `json:"deleted"`
}

func countsOf(c rush.Counts) countsLine {
	return countsLine{c.Deferred, c.Queued, c.Running, c.Finished, c.Failed, c.Total(), c.Created, c.Deleted}
}

// A workerLine is a rush.Worker.
type workerLine struct {
	ID         rush.WorkerID    `json:"id"`
	State      rush.WorkerState `json:"state"`
	Reason     string           `json:"reason"`
	Local      bool             `json:"local"`
	Client     bool             `json:"client"`
	PID        int              `json:"pid"`
	Host       string           `json:"host"`
	Platform   string           `json:"platform"`
	User       string           `json:"user"`
	Dir        string           `json:"dir"`
	Version    string           `json:"version"`
	Loop       string           `json:"loop"`
	Queues     []string         `json:"queues"`
	Heartbeat  int64            `json:"heartbeat_us"`
	Expiry     int64            `json:"expiry_us"`
	Registered any              `json:"registered_us"`
	Beat       any              `json:"beat_us"`
	Ended      any              `json:"ended_us"`
	Rejoined   int64            `json:"rejoined"`
	Running    []rush.TaskKey   `json:"running"`
	Tasks      int64            `json:"tasks"`
	Busy       int64            `json:"busy_us"`
}

func workersOf(workers []rush.Worker) []workerLine {
	lines := make([]workerLine, len(workers))
	for i := range workers {
		w := &workers[i]
		lines[i] = workerLine{
			ID: w.ID, State: w.State, Reason: w.Reason, Local: w.Local, Client: w.Client(), PID: w.PID, Host: w.Host, Platform: w.Platform,
			User: w.User, Dir: w.Dir, Version: w.Version, Loop: w.Loop, Queues: notNil(w.Queues), Heartbeat: w.Heartbeat.Microseconds(),
			Expiry: w.Expiry.Microseconds(), Registered: micros(w.Registered), Beat: micros(w.Beat), Ended: micros(w.Ended),
			Rejoined: w.Rejoined, Running: notNil(w.Running), Tasks: w.Tasks, Busy: w.Busy.Microseconds(),
		}
	}
	return lines
}

// A logLine is a rush.LogEntry.
type logLine struct {
	Offset  int64          `json:"offset"`
	Time    int64          `json:"time_us"`
	Worker  rush.WorkerID  `json:"worker"`
	Task    any            `json:"task"` // null is none
	Kind    rush.LogKind   `json:"kind"`
	Level   string         `json:"level"`
	Logger  string         `json:"logger"`
	Message string         `json:"message"`
	Attrs   map[string]any `json:"attrs"`
}

func logLineOf(e *rush.LogEntry) logLine {
	l := logLine{
		Offset: e.Offset, Time: e.Time.UnixMicro(), Worker: e.Worker, Kind: e.Kind, Level: e.Level.String(), Logger: e.Logger,
		Message: e.Message, Attrs: plainMap(e.Attrs),
	}
	if e.Task != rush.NoTask {
		l.Task = e.Task
	}
	return l
}

// notNil is a list that is [] in JSON when it is empty.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
