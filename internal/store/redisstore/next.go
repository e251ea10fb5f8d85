package redisstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Next is the step of a worker's loop; see store.Tasks. It is one round trip;
// waiting takes one to block and one to look again.
func (n *network) Next(ctx context.Context, step store.Step) (store.Turn, error) {
	if step.Pop && step.Queues == nil {
		step.Queues = []string{string(step.Worker), ""}
	}
	until := time.Now().Add(step.Wait)
	call := nextCall{step: &step, wait: step.Wait > 0}
	for {
		turn, block, err := n.next(ctx, call)
		if err != nil {
			return turn, n.wrap("next", err)
		}
		if !block {
			return turn, nil
		}
		wait, stop := store.Interruptible(ctx, step.Interrupt)
		list, err := n.block(wait, time.Until(until), n.nextLists(&step, &turn)...)
		if stop() {
			until, err = time.Time{}, nil // look once more, as it is known to wait
		}
		if err != nil {
			return turn, n.wrap("next", err)
		}
		queue, _ := strings.CutPrefix(list, n.key(wakeQueueKey))
		call = nextCall{step: &step, wait: time.Until(until) > 0, again: true, woken: list != "" && queue != list, queue: queue}
	}
}

// nextLists returns the keys of the tokens that wake a worker that was
// answered so, those about itself first.
func (n *network) nextLists(step *store.Step, turn *store.Turn) []string {
	lists := []string{n.key(wakeWorkerKey, string(step.Worker))}
	if step.Pop && !turn.Paused {
		for _, queue := range step.Queues {
			lists = append(lists, n.key(wakeQueueKey, queue))
		}
	}
	return lists
}

// A nextCall is one call of next.lua.
type nextCall struct {
	step  *store.Step
	wait  bool   // there is time left to wait
	again bool   // the worker looks again after it blocked
	woken bool   // by a token of a queue
	queue string // which one
}

func (c nextCall) args() []any {
	s := c.step
	args := make([]any, 0, 16+len(s.Queues)+7*len(s.Done))
	woken := ""
	if c.woken {
		woken = ":" + c.queue
	}
	args = append(args, string(s.Worker), s.Nonce, c.bits(), woken, len(s.Queues))
	for _, queue := range s.Queues {
		args = append(args, queue)
	}
	if c.again {
		args = append(args, 0) // they were delivered by the first call
	} else {
		args = append(args, len(s.Done))
		for i := range s.Done {
			args = appendDone(args, &s.Done[i])
		}
	}
	if p := s.Propose; p != nil {
		args = append(args, int64(p.Key), joinHashes(p.Objects))
		args = appendInputs(args, p.XS, p.XSExtra, p.Queue, &p.Options)
		if spent := encodeSpent(p.Spent); spent != nil {
			args = append(args, "p", spent)
		}
	}
	return args
}

// bits tells next.lua what is asked for.
func (c nextCall) bits() int64 {
	bits := int64(c.step.Program) << 5
	for i, set := range []bool{c.step.Pop, c.step.Claim, c.wait, c.step.Idle, c.again} {
		bits |= int64(flag(set)) << i
	}
	return bits
}

// next calls next.lua. block says that the worker is one of those that wait.
func (n *network) next(ctx context.Context, call nextCall) (turn store.Turn, block bool, err error) {
	v, err := n.do(ctx, "next", call.args()...)
	if err != nil {
		return noTurn(), false, err
	}
	r := unpack(v)
	r.array()
	turn.Outcomes = readOutcomes(r)
	popped := rush.TaskKey(r.int())
	turn.Created = rush.TaskKey(r.int())
	turn.Started = r.int()
	turn.Claimed = rush.TaskKey(r.int())
	bits := r.int()
	turn.Rejected, turn.Exhausted, turn.Drained, turn.Paused = bits&1 != 0, bits&2 != 0, bits&4 != 0, bits&8 != 0
	turn.Stop = r.string()
	if popped >= 0 {
		turn.Task = &rush.Record{Key: popped}
		selectFields(rush.AllFields).read(r, turn.Task)
	} else {
		r.bool()
	}
	block = r.int() == 1
	dead := r.int() == 1
	if err := r.finish(); err != nil {
		return noTurn(), false, err
	}
	if dead {
		return turn, false, fmt.Errorf("worker %s: %w", call.step.Worker, rush.ErrLost)
	}
	return turn, block, nil
}

// noTurn is the turn of a step of which nothing is known.
func noTurn() store.Turn { return store.Turn{Created: rush.NoTask, Claimed: rush.NoTask} }
