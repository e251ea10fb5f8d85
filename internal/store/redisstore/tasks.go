package redisstore

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// endChunk is how many endings one script applies, so that it does not hold
// others up.
const endChunk = 1_000

// appendDone appends the seven arguments of a Done.
func appendDone(args []any, d *store.Done) []any {
	return append(args, int64(d.Key), d.Attempt, d.YS, d.YSExtra, d.Condition, retryFlag(d.Retry, d.Requeue), encodeSpent(d.Spent))
}

// retryFlag is 0 to end a task, 1 to retry it while there are retries left, 2
// whatever is left.
func retryFlag(retry, requeue bool) int {
	if requeue {
		return 2
	}
	return flag(retry)
}

// readOutcomes reads a digit for each Done.
func readOutcomes(r *reply) []store.Outcome {
	digits := r.bytes()
	outcomes := make([]store.Outcome, len(digits))
	for i, digit := range digits {
		outcomes[i] = store.Outcome(digit - '0')
	}
	return outcomes
}

// End finishes or fails tasks; see store.Tasks.
func (n *network) End(ctx context.Context, done []store.Done) ([]store.Outcome, error) {
	outcomes := make([]store.Outcome, 0, len(done))
	for first := true; first || len(done) > 0; first = false {
		chunk := done[:min(len(done), endChunk)]
		done = done[len(chunk):]
		some, err := n.end(ctx, chunk)
		if err != nil {
			return outcomes, err
		}
		outcomes = append(outcomes, some...)
	}
	return outcomes, nil
}

func (n *network) end(ctx context.Context, done []store.Done) ([]store.Outcome, error) {
	args := make([]any, 2, 2+7*len(done))
	args[0], args[1] = "", len(done)
	for i := range done {
		if d := &done[i]; (d.Retry || d.Requeue) && d.Attempt == 0 {
			// The attempt after this one would be the current one for a repeat.
			args[0] = newNonce()
		}
		args = appendDone(args, &done[i])
	}
	r, err := n.call(ctx, "end", args...)
	if err != nil {
		return nil, err
	}
	outcomes := readOutcomes(r)
	return outcomes, n.wrap("end", r.finish())
}

// Retry queues ended tasks again; see store.Tasks.
func (n *network) Retry(ctx context.Context, keys []rush.TaskKey, opts store.RetryOptions) error {
	if opts.Seeds != nil && len(opts.Seeds) != len(keys) {
		return n.wrap("retry", fmt.Errorf("%d seeds were given for %d tasks; expected one for each, or none", len(opts.Seeds), len(keys)))
	}
	args := append(make([]any, 0, 3+2*len(keys)), newNonce(), flag(opts.IgnoreLimit), len(keys))
	args = appendKeys(args, keys)
	for i := range keys {
		var seed []byte
		if opts.Seeds != nil {
			seed = encodeSeed(opts.Seeds[i])
		}
		args = append(args, seed)
	}
	_, err := n.call(ctx, "retry", args...)
	return err
}

// Delete removes tasks; see store.Tasks.
func (n *network) Delete(ctx context.Context, keys []rush.TaskKey) (int, error) {
	r, err := n.call(ctx, "delete", appendKeys([]any{newNonce()}, keys)...)
	if err != nil {
		return 0, err
	}
	count := r.int()
	return int(count), n.wrap("delete", r.finish())
}

func appendKeys(args []any, keys []rush.TaskKey) []any {
	for _, key := range keys {
		args = append(args, int64(key))
	}
	return args
}

// encodeSpent writes four durations; all zero is nothing.
func encodeSpent(s rush.Spent) []byte {
	if s == (rush.Spent{}) {
		return nil
	}
	b := make([]byte, 0, 16)
	b = binary.AppendVarint(b, int64(s.Proposing))
	b = binary.AppendVarint(b, int64(s.Waiting))
	b = binary.AppendVarint(b, int64(s.Evaluating))
	return binary.AppendVarint(b, int64(s.Storing))
}

func encodeSeed(seed []int32) []byte {
	var b []byte
	for _, x := range seed {
		b = binary.LittleEndian.AppendUint32(b, uint32(x))
	}
	return b
}

// encodeKeys writes numbers with commas between.
func encodeKeys(keys []rush.TaskKey) []byte {
	var b []byte
	for i, key := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(key), 10)
	}
	return b
}
