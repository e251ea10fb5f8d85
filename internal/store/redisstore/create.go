package redisstore

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// createChunk is how many tasks one script creates; createWindow is how many
// scripts are on their way at once.
const (
	createChunk  = 2_000
	createWindow = 4
)

// Create makes tasks; see store.Tasks.
func (n *network) Create(ctx context.Context, tasks []store.NewTask, nonce string) ([]rush.TaskKey, error) {
	if nonce == "" {
		return nil, n.wrap("create", errors.New("the nonce is empty; expected one that no other call has"))
	}
	if err := store.CheckAfter(tasks); err != nil {
		return nil, n.wrap("create", err)
	}
	chunks := slices.Collect(slices.Chunk(tasks, createChunk))
	if len(chunks) == 0 {
		chunks = [][]store.NewTask{nil} // is there such a network?
	}
	keys := make([]rush.TaskKey, 0, len(tasks))
	for done := 0; done < len(chunks); {
		firsts, err := n.createSome(ctx, chunks, nonce, keys)
		for _, first := range firsts {
			keys = appendNumbers(keys, chunks[done], rush.TaskKey(first))
			done++
		}
		if err != nil {
			return keys, n.wrap("create", err)
		}
	}
	return keys, nil
}

// createSome creates some chunks, after those that gave the numbers before, in
// one round trip: the first of all alone, then several, unless one has tasks
// that wait for some of another. It returns the first number of each.
func (n *network) createSome(ctx context.Context, chunks [][]store.NewTask, nonce string, before []rush.TaskKey) ([]int64, error) {
	from := len(before) / createChunk
	if from > 0 {
		var calls [][]any
		for i := from; i < min(len(chunks), from+createWindow); i++ {
			if i > from && slices.ContainsFunc(chunks[i], func(t store.NewTask) bool { return len(t.After) > 0 }) {
				break
			}
			args, err := createArgs(chunks[i], nonce, i, before)
			if err != nil {
				return nil, err
			}
			calls = append(calls, args)
		}
		firsts, err := n.store.pipeline(ctx, "create", n.key(netKey), calls)
		switch flushed := redis.HasErrorPrefix(err, "NOSCRIPT"); {
		case !flushed:
			return firsts, n.store.explain(ctx, err)
		case len(firsts) > 0:
			return firsts, nil // the next call goes on from there
		}
	}
	args, err := createArgs(chunks[from], nonce, from, before)
	if err != nil {
		return nil, err
	}
	v, err := n.do(ctx, "create", args...)
	if err != nil {
		return nil, err
	}
	r := unpack(v)
	first := r.int()
	return []int64{first}, r.finish()
}

// pipeline runs a script that returns a number several times, in one round
// trip, and returns the numbers up to the first error.
func (s *Store) pipeline(ctx context.Context, name, key string, calls [][]any) (numbers []int64, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	pipe := s.client.Pipeline()
	cmds := make([]*redis.Cmd, len(calls))
	for i, args := range calls {
		cmds[i] = s.scripts[name].call(ctx, key, args)
		_ = pipe.Process(ctx, cmds[i])
	}
	_, _ = pipe.Exec(ctx) // each command has its own error
	for _, cmd := range cmds {
		number, err := cmd.Int64()
		if err != nil {
			return numbers, err
		}
		numbers = append(numbers, number)
	}
	return numbers, nil
}

// appendNumbers appends the numbers that the tasks of a chunk got: their own,
// or the next ones from first on.
func appendNumbers(keys []rush.TaskKey, tasks []store.NewTask, first rush.TaskKey) []rush.TaskKey {
	for i := range tasks {
		if tasks[i].Fixed {
			keys = append(keys, tasks[i].Key)
			continue
		}
		keys = append(keys, first)
		first++
	}
	return keys
}

// createArgs returns the arguments of create.lua. The tasks of the chunks
// before have the numbers in before.
func createArgs(tasks []store.NewTask, nonce string, chunk int, before []rush.TaskKey) ([]any, error) {
	args := make([]any, 4, 4+4*len(tasks))
	args[0], args[1], args[3] = nonce+":"+strconv.Itoa(chunk), "", len(tasks)
	if chunk > 0 {
		args[1] = nonce + ":" + strconv.Itoa(chunk-1)
	}
	plain := true
	for i := range tasks {
		t := &tasks[i]
		if err := checkNew(t); err != nil {
			return nil, err
		}
		if isPlain(t) {
			args = append(args, "q")
		} else {
			plain = false
			args = appendSpecial(args, t, encodeDependencies(tasks, i, before))
		}
		var err error
		if args, err = appendFields(args, t); err != nil {
			return nil, err
		}
	}
	args[2] = flag(plain)
	return args, nil
}

func checkNew(t *store.NewTask) error {
	switch t.State {
	case "", rush.Deferred, rush.Queued, rush.Running, rush.Finished, rush.Failed:
	default:
		return errors.New("the state of a new task is " + strconv.Quote(string(t.State)) + "; expected one of those in rush.States")
	}
	if t.Fixed && t.Key < 0 {
		return errors.New("the fixed number " + t.Key.String() + " is negative; expected one that is reserved")
	}
	return nil
}

// isPlain reports whether a task is queued in the shared queue, as most are.
func isPlain(t *store.NewTask) bool {
	return !t.Fixed && t.Queue == "" && t.For == "" && len(t.Objects) == 0 && newState(t) == 'q'
}

// newState returns the letter of the state that a task is created in, for as
// long as it is not known how those that it depends on stand.
func newState(t *store.NewTask) byte {
	switch {
	case t.State == rush.Running || t.State.Ended():
		return letter(t.State)
	case t.Waits():
		return 'd'
	}
	return 'q'
}

// appendSpecial appends what create.lua has to know of a task that is not
// plain.
func appendSpecial(args []any, t *store.NewTask, on []byte) []any {
	number, worker := rush.NoTask, rush.WorkerID("")
	if t.Fixed {
		number = t.Key
	}
	if t.State == rush.Running {
		worker = t.Worker
	}
	queue, own := newQueue(t)
	return append(args, "*", string(newState(t)), int64(number), string(worker), queue, flag(own), on, joinHashes(t.Objects))
}

// encodeDependencies writes the numbers of those that a task of a chunk waits
// for, and +N for the one with the N-th automatic number of the chunk, from 0.
func encodeDependencies(tasks []store.NewTask, i int, before []rush.TaskKey) []byte {
	b := encodeKeys(tasks[i].DependsOn)
	for _, j := range tasks[i].After {
		if len(b) > 0 {
			b = append(b, ',')
		}
		switch j -= len(before); {
		case j < 0:
			b = strconv.AppendInt(b, int64(before[j+len(before)]), 10)
		case tasks[j].Fixed:
			b = strconv.AppendInt(b, int64(tasks[j].Key), 10)
		default:
			b = strconv.AppendInt(append(b, '+'), automatic(tasks[:j]), 10)
		}
	}
	return b
}

// automatic counts the tasks whose numbers the store chooses.
func automatic(tasks []store.NewTask) (count int64) {
	for i := range tasks {
		if !tasks[i].Fixed {
			count++
		}
	}
	return count
}

// newQueue returns the queue that a task is meant for, and whether it is the
// own one of a worker.
func newQueue(t *store.NewTask) (queue string, own bool) {
	if t.For != "" {
		return string(t.For), true
	}
	return t.Queue, false
}

// appendFields appends the fields of a task's hash, after their count.
func appendFields(args []any, t *store.NewTask) ([]any, error) {
	at := len(args)
	args = append(args, nil)
	queue, _ := newQueue(t)
	args = appendInputs(args, t.XS, t.XSExtra, queue, &t.Options)
	switch t.State {
	case rush.Running:
		args = append(args, "w", string(t.Worker))
	case rush.Finished:
		args = append(args, "y", t.YS)
	case rush.Failed:
		condition := t.Condition
		if len(condition) == 0 {
			var err error
			if condition, err = wire.EncodeCondition(rush.DefaultCondition()); err != nil {
				return nil, err
			}
		}
		args = append(args, "c", condition)
		if len(t.YS) > 0 {
			args = append(args, "y", t.YS)
		}
	}
	if t.State.Ended() && len(t.YSExtra) > 0 {
		args = append(args, "v", t.YSExtra)
	}
	args[at] = len(args) - at - 1
	return args, nil
}
