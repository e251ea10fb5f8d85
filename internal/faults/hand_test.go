package faults_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/internal/store/faultstore"
	"github.com/rushnet/rush/internal/wire"
)

// renamed is what a network is called in the middle of its life.
func renamed(id rush.NetworkID) rush.NetworkID { return id + ".1" }

// playHand leads a network through a life in which every verb is called by
// hand. Whoever plays it again begins anew.
func playHand(ctx context.Context, url string, id rush.NetworkID) error {
	st, err := dial.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := errors.Join(st.Destroy(ctx, id), st.Destroy(ctx, renamed(id))); err != nil {
		return err
	}
	h := &hand{st: st, n: st.Network(id), id: id}
	for _, step := range []func(context.Context) error{h.define, h.create, h.work, h.end, h.read, h.wait, h.message, h.leave, h.rename} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

type hand struct {
	st store.Store
	n  store.Network
	id rush.NetworkID
}

func (h *hand) define(ctx context.Context) error {
	if _, err := h.n.Define(ctx, store.Definition{Body: []byte("{}"), Limit: 100}); err != nil {
		return err
	}
	if err := h.n.Register(ctx, rush.Worker{ID: "w1", Expiry: time.Hour}); err != nil {
		return err
	}
	if err := h.n.Register(ctx, rush.Worker{ID: "lapsed", Expiry: time.Microsecond}); err != nil {
		return err
	}
	_, err := h.n.BeginRun(ctx)
	return err
}

func (h *hand) create(ctx context.Context) error {
	if _, err := h.n.Create(ctx, []store.NewTask{{State: rush.Running, Worker: "lapsed"}}, "lapsed"); err != nil {
		return err
	}
	if _, err := h.n.Sweep(ctx, "", died()); err != nil {
		return err
	}
	if _, err := h.n.Create(ctx, make([]store.NewTask, 3), "some"); err != nil {
		return err
	}
	hashes := []map[string][]byte{{"a": empty()}, {"a": empty()}}
	if err := h.n.WriteHashes(ctx, []string{"k", "l"}, hashes); err != nil {
		return err
	}
	if _, err := h.n.DeleteHashes(ctx, []string{"l"}); err != nil {
		return err
	}
	for range 2 { // a repeat changes nothing
		if holder, err := h.n.ClaimPoint(ctx, "x", 1); err != nil || holder != 1 {
			return fmt.Errorf("the point belongs to task %d: %w", holder, err)
		}
	}
	_, err := h.n.Create(ctx, []store.NewTask{{DependsOn: []rush.TaskKey{2}}}, "waits")
	return err
}

func (h *hand) work(ctx context.Context) error {
	turn, err := h.n.Next(ctx, store.Step{Worker: "w1", Nonce: 1, Pop: true})
	if err != nil {
		return err
	}
	done := []store.Done{{Key: turn.Task.Key, Attempt: 1, YS: empty()}}
	if _, err = h.n.Next(ctx, store.Step{Worker: "w1", Nonce: 2, Done: done, Propose: &store.Proposal{Key: rush.NoTask}, Claim: true}); err != nil {
		return err
	}
	if _, err = h.n.Beat(ctx, "w1"); err != nil {
		return err
	}
	_, err = h.n.SignalWorkers(ctx, nil, rush.SignalTerminate)
	return err
}

func (h *hand) end(ctx context.Context) error {
	if _, err := h.n.End(ctx, []store.Done{{Key: 2, YS: empty()}, {Key: 3, Condition: died()}}); err != nil {
		return err
	}
	if err := h.n.Retry(ctx, []rush.TaskKey{3}, store.RetryOptions{IgnoreLimit: true}); err != nil {
		return err
	}
	_, err := h.n.Delete(ctx, []rush.TaskKey{0, 3})
	return err
}

func (h *hand) read(ctx context.Context) error {
	_, err1 := h.n.Counts(ctx)
	_, err2 := h.n.Records(ctx, []rush.TaskKey{1, 2}, rush.AllFields)
	_, err3 := h.n.Snapshot(ctx)
	_, err4 := h.n.Keys(ctx, rush.Finished)
	_, err5 := h.n.List(ctx)
	_, err6 := h.n.Audit(ctx)
	_, err7 := h.n.Definition(ctx)
	_, err8 := h.n.Run(ctx)
	_, err9 := h.st.Networks(ctx)
	_, err10 := h.st.Info(ctx)
	_, err11 := h.n.ReadHashes(ctx, []string{"k"}, nil)
	_, err12 := h.n.Budget(ctx)
	return errors.Join(err12, err11, err1, err2, err3, err4, err5, err6, err7, err8, err9, err10, h.st.Ping(ctx))
}

func (h *hand) wait(ctx context.Context) error {
	if _, err := h.n.Ended(ctx, rush.Cursor{}, 0, rush.AllFields, time.Second); err != nil {
		return err
	}
	if alive, err := h.n.AwaitAlive(ctx, nil, time.Second); err != nil || len(alive) == 0 {
		return fmt.Errorf("alive are %v: %w", alive, err)
	}
	mail, err := h.n.AwaitMail(ctx, "w1", store.Seen{}, time.Second)
	if err == nil && mail.Signal != rush.SignalTerminate {
		err = fmt.Errorf("the signal is %q", mail.Signal)
	}
	return err
}

func (h *hand) message(ctx context.Context) error {
	sent, err := h.n.Send(ctx, store.NewMessage{Command: rush.CommandPing}, "ping")
	if err != nil {
		return err
	}
	err1 := h.n.SetPaused(ctx, "w1", true)
	err2 := h.n.Respond(ctx, "w1", store.Answer{Message: sent.ID, Body: empty()})
	_, err3 := h.n.Responses(ctx, sent.ID, nil, time.Second)
	_, err4 := h.n.ResponseIDs(ctx, "w1")
	err5 := h.n.DeleteResponses(ctx, sent.ID, nil)
	keys, err6 := h.n.Create(ctx, []store.NewTask{{State: rush.Running, Worker: "w1"}}, "to be cancelled")
	_, err7 := h.n.Cancel(ctx, keys, died())
	return errors.Join(err1, err2, err3, err4, err5, err6, err7)
}

func (h *hand) leave(ctx context.Context) error {
	if err := h.n.RequestStop(ctx, rush.RunInterrupted, "enough"); err != nil {
		return err
	}
	if _, err := h.n.EndWorker(ctx, store.WorkerEnd{ID: "w1", State: rush.WorkerKilled, Condition: died()}); err != nil {
		return err
	}
	_, err := h.n.EndRun(ctx, rush.RunDone, "over")
	return err
}

// rename ends with a network of another name that was reset and has one task
// again.
func (h *hand) rename(ctx context.Context) error {
	if err := h.st.Rename(ctx, h.id, renamed(h.id)); err != nil {
		return err
	}
	if err := h.n.Reset(ctx, true); err != nil {
		return err
	}
	_, err := h.n.Create(ctx, make([]store.NewTask, 1), "again")
	return err
}

func empty() []byte { return []byte{0x80} } // a MessagePack map

func died() []byte {
	b, err := wire.EncodeCondition(&rush.Condition{Class: rush.ClassLost, Message: "it died"})
	if err != nil {
		panic(err)
	}
	return b
}

// A process that leads a network through its life is killed before and after
// each of its calls. Its network is sound whenever that was, and who comes next
// finds what the verbs promise.
func TestAKillAtTheBoundariesOfEachVerb(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		for n := int64(1); ; n++ {
			s := newScene(t, url)
			point := faultstore.Point{Nth: n}.String()
			hit := s.playUntil("hand", "manager", point)
			s.sound()
			s.id = renamed(s.id)
			s.sound()
			s.id = s.id[:len(s.id)-2]
			s.play("hand")
			s.id = renamed(s.id)
			s.sound()
			counts, err := s.store().Network(s.id).Counts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(rush.Counts{Created: 1, Queued: 1}, counts); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if t.Failed() {
				t.Fatalf("it was killed at boundary %d", n)
			}
			if !hit {
				if n < 2*30 {
					t.Errorf("the life had %d boundaries only", n)
				}
				return
			}
		}
	})
}
