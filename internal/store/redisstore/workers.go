package redisstore

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// signals are what workers are told, by the numbers that the scripts have for
// them.
var signals = [...]rush.Signal{rush.SignalNone, rush.SignalTerminate, rush.SignalKill}

// A description is what a worker says of itself, as it is stored.
type description struct {
	Local     bool          `json:"local,omitempty"`
	PID       int           `json:"pid"`
	Host      string        `json:"host"`
	Platform  string        `json:"platform,omitempty"`
	User      string        `json:"user,omitempty"`
	Dir       string        `json:"dir,omitempty"`
	Version   string        `json:"version,omitempty"`
	Loop      string        `json:"loop,omitempty"`
	Queues    []string      `json:"queues,omitempty"`
	Heartbeat time.Duration `json:"heartbeat,omitempty"`
	Expiry    time.Duration `json:"expiry,omitempty"`
}

// Register makes a worker alive; see store.Workers.
func (n *network) Register(ctx context.Context, w rush.Worker) error {
	if err := w.ID.Validate(); err != nil {
		return n.wrap("register", err)
	}
	info, err := json.Marshal(description{
		Local: w.Local, PID: w.PID, Host: w.Host, Platform: w.Platform, User: w.User, Dir: w.Dir,
		Version: w.Version, Loop: w.Loop, Queues: w.Queues, Heartbeat: w.Heartbeat, Expiry: w.Expiry,
	})
	if err != nil {
		return n.wrap("register", err)
	}
	state := w.State
	if !state.Alive() {
		state = rush.WorkerRunning
	}
	process := strconv.Itoa(w.PID) + "@" + w.Host
	_, err = n.create(ctx, "register", string(w.ID), process, info, w.Expiry.Microseconds(), string(state))
	if err != nil {
		return fmt.Errorf("worker %s: %w", w.ID, err)
	}
	return nil
}

// Rejoin makes a lost worker alive again; see store.Workers.
func (n *network) Rejoin(ctx context.Context, id rush.WorkerID) error {
	_, err := n.call(ctx, "rejoin", string(id))
	return err
}

// Beat renews a worker's heartbeat; see store.Workers.
func (n *network) Beat(ctx context.Context, id rush.WorkerID) (rush.Signal, error) {
	r, err := n.call(ctx, "beat", string(id))
	if err != nil {
		return rush.SignalNone, err
	}
	s := readSignal(r)
	return s, n.wrap("beat", r.finish())
}

// readSignal reads the number of a signal.
func readSignal(r *reply) rush.Signal {
	code := r.int()
	if code < 0 || code >= int64(len(signals)) {
		r.check(fmt.Errorf("signal %d", code))
		return rush.SignalNone
	}
	return signals[code]
}

// SetPaused says whether a worker takes tasks; see store.Workers.
func (n *network) SetPaused(ctx context.Context, id rush.WorkerID, paused bool) error {
	state := rush.WorkerRunning
	if paused {
		state = rush.WorkerPaused
	}
	_, err := n.call(ctx, "set_paused", string(id), string(state))
	return err
}

// SignalWorkers leaves a signal for workers; see store.Workers.
func (n *network) SignalWorkers(ctx context.Context, ids []rush.WorkerID, s rush.Signal) ([]rush.WorkerID, error) {
	code := slices.Index(signals[:], s)
	if code < 1 {
		return nil, n.wrap("signal_workers", fmt.Errorf("the signal is %q; expected one of %q", s, signals[1:]))
	}
	args := []any{code, flag(ids == nil)}
	for _, id := range ids {
		args = append(args, string(id))
	}
	r, err := n.call(ctx, "signal_workers", args...)
	if err != nil {
		return nil, err
	}
	got := readIDs(r)
	return got, n.wrap("signal_workers", r.finish())
}

// readIDs reads an array of workers.
func readIDs(r *reply) []rush.WorkerID {
	ids := make([]rush.WorkerID, r.array())
	for i := range ids {
		ids[i] = rush.WorkerID(r.string())
	}
	return ids
}

// DeleteWorkers forgets workers that have ended; see store.Workers.
func (n *network) DeleteWorkers(ctx context.Context, ids []rush.WorkerID) ([]rush.WorkerID, error) {
	args := []any{newNonce(), flag(ids == nil)}
	for _, id := range ids {
		args = append(args, string(id))
	}
	r, err := n.call(ctx, "delete_workers", args...)
	if err != nil {
		return nil, err
	}
	deleted := readIDs(r)
	return deleted, n.wrap("delete_workers", r.finish())
}

// EndWorker takes a worker out of the network; see store.Workers.
func (n *network) EndWorker(ctx context.Context, end store.WorkerEnd) ([]rush.TaskKey, error) {
	if len(end.Condition) == 0 {
		class := rush.ClassLost
		if end.State == rush.WorkerKilled {
			class = rush.ClassKilled
		}
		var err error
		if end.Condition, err = wire.EncodeCondition(&rush.Condition{Class: class, Message: end.Reason}); err != nil {
			return nil, n.wrap("end_worker", err)
		}
	}
	r, err := n.call(ctx, "end_worker", newNonce(), string(end.ID), string(end.State), end.Reason, end.Condition, retryFlag(end.Retry, end.Requeue))
	if err != nil {
		return nil, err
	}
	tasks := readNumbers(r)
	return tasks, n.wrap("end_worker", r.finish())
}

// readNumbers reads an array of integers.
func readNumbers(r *reply) []rush.TaskKey {
	var keys []rush.TaskKey
	for range r.array() {
		keys = append(keys, rush.TaskKey(r.int()))
	}
	return keys
}

// Sweep ends the workers whose heartbeat has lapsed; see store.Workers.
func (n *network) Sweep(ctx context.Context, by rush.WorkerID, condition []byte) ([]store.LostWorker, error) {
	if len(condition) == 0 {
		var err error
		if condition, err = wire.EncodeCondition(&rush.Condition{Class: rush.ClassLost, Message: "its worker's heartbeat lapsed"}); err != nil {
			return nil, n.wrap("sweep", err)
		}
	}
	r, err := n.call(ctx, "sweep", newNonce(), condition, string(by))
	if err != nil {
		return nil, err
	}
	var lost []store.LostWorker
	for range r.array() {
		r.array()
		lost = append(lost, store.LostWorker{ID: rush.WorkerID(r.string()), Tasks: readNumbers(r)})
	}
	return lost, n.wrap("sweep", r.finish())
}

// AwaitAlive returns the workers that are alive; see store.Workers.
func (n *network) AwaitAlive(ctx context.Context, seen []rush.WorkerID, wait time.Duration) ([]rush.WorkerID, error) {
	known, until := slices.Sorted(slices.Values(seen)), time.Now().Add(wait)
	var reader string
	if wait > 0 {
		reader = n.store.readers.take()
		defer n.store.readers.give(reader)
	}
	for {
		alive, err := n.alive(ctx, reader, known)
		left := time.Until(until)
		if err != nil || left <= 0 || !slices.Equal(slices.Sorted(slices.Values(alive)), known) {
			return alive, err
		}
		if _, err := n.block(ctx, left, n.key(wakeAliveKey, reader)); err != nil {
			return nil, n.wrap("await_alive", err)
		}
	}
}

func (n *network) alive(ctx context.Context, reader string, seen []rush.WorkerID) ([]rush.WorkerID, error) {
	r, err := n.call(ctx, "await_alive", appendWorkers([]any{reader}, seen)...)
	if err != nil {
		return nil, err
	}
	var ids []rush.WorkerID
	for range r.array() {
		ids = append(ids, rush.WorkerID(r.string()))
	}
	return ids, n.wrap("await_alive", r.finish())
}

// List returns the workers; see store.Workers.
func (n *network) List(ctx context.Context) ([]rush.Worker, error) {
	r, err := n.call(ctx, "list")
	if err != nil {
		return nil, err
	}
	workers := readWorkers(r)
	return workers, n.wrap("list", r.finish())
}

// readWorkers reads an array of ids and hashes.
func readWorkers(r *reply) []rush.Worker {
	var workers []rush.Worker
	for range r.array() {
		r.array()
		w := rush.Worker{ID: rush.WorkerID(r.string())}
		for range r.array() / 2 {
			field, v := r.string(), r.bytes()
			r.check(setWorker(&w, field, v))
		}
		if memory := r.bytes(); len(memory) >= memorySize {
			r.check(setMemory(&w, memory))
		} else if w.State.Alive() || w.State == "" {
			w.State = rush.WorkerLost // as every verb takes it
		}
		workers = append(workers, w)
	}
	return workers
}

// setWorker stores the value of a field of a worker's hash.
func setWorker(w *rush.Worker, field string, v []byte) (err error) {
	var n int64
	switch field {
	case "rg", "bt", "en", "rj":
		if n, err = strconv.ParseInt(string(v), 10, 64); err != nil {
			return err
		}
	}
	switch field {
	case "i":
		return setDescription(w, v)
	case "s":
		w.State = rush.WorkerState(v)
	case "rs":
		w.Reason = string(v)
	case "rg":
		w.Registered = wire.Time(n)
	case "bt":
		w.Beat = wire.Time(n)
	case "en":
		w.Ended = wire.Time(n)
	case "rj":
		w.Rejoined = n
	}
	return err
}

// setMemory stores what a worker's memory says of it; see keys.go.
func setMemory(w *rush.Worker, v []byte) (err error) {
	if len(v) < memorySize {
		return fmt.Errorf("the memory of a worker has %d bytes", len(v))
	}
	w.Tasks = int64(binary.LittleEndian.Uint64(v[8:]))
	w.Busy = time.Duration(binary.LittleEndian.Uint64(v[16:])) * time.Microsecond
	length := int(binary.LittleEndian.Uint32(v[memorySize-4:]))
	w.Running, err = decodeKeys(v[memorySize:min(len(v), memorySize+length)])
	return err
}

func setDescription(w *rush.Worker, v []byte) error {
	var d description
	if err := json.Unmarshal(v, &d); err != nil {
		return err
	}
	w.Local, w.PID, w.Host, w.Platform, w.User, w.Dir = d.Local, d.PID, d.Host, d.Platform, d.User, d.Dir
	w.Version, w.Loop, w.Queues, w.Heartbeat, w.Expiry = d.Version, d.Loop, d.Queues, d.Heartbeat, d.Expiry
	return nil
}
