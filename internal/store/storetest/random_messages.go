package storetest

import (
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// sendCall is a call of Send that can be repeated.
type sendCall struct {
	message store.NewMessage
	nonce   string
}

// message does something with messages.
func (p *player) message(t *rapid.T) {
	switch oneOf(t, "what", "send", "send", "send", "again", "respond", "respond", "delete", "read") {
	case "send":
		p.send(t)
	case "again":
		p.sendAgain(t)
	case "respond":
		p.respond(t)
	case "delete":
		p.deleteResponses(t)
	default:
		p.compareMessages(t)
	}
}

func (p *player) send(t *rapid.T) {
	to := oneOf(t, "to", []rush.WorkerID{"w1"}, []rush.WorkerID{"w0", "w2", "w0", "nobody"}, []rush.WorkerID{"mortal"}, nil)
	command := oneOf(t, "command", rush.CommandPing, rush.CommandEcho)
	p.sendAs(t, sendCall{store.NewMessage{Command: command, Argument: oneOf(t, "argument", nil, encode("a", 1)), To: to}, uuid.NewString()})
}

func (p *player) sendAs(t *rapid.T, call sendCall) {
	normal := func(s store.Sent) store.Sent {
		s.To = slices.Sorted(slices.Values(s.To))
		return s
	}
	sent, err := ask(p, t, fmt.Sprintf("send %s to %v", call.message.Command, call.message.To), normal, func(n store.Network) (store.Sent, error) {
		return n.Send(p.ctx, call.message, call.nonce)
	})
	if err == nil && sent.ID != 0 {
		p.sends = append(p.sends, call)
	}
}

// sendAgain repeats what has responses still: a store may forget the others.
func (p *player) sendAgain(t *rapid.T) {
	calls := slices.DeleteFunc(slices.Clone(p.sends), func(c sendCall) bool {
		sent := p.model.sendings[c.nonce]
		return len(p.model.responses[sent.ID]) != len(sent.To)
	})
	if len(calls) == 0 {
		t.Skip("nothing was sent")
	}
	p.sendAs(t, oneOf(t, "call", calls...))
}

// anyMessage draws a message, or one that was never sent.
func (p *player) anyMessage(t *rapid.T) rush.MessageID {
	return rush.MessageID(rapid.Int64Range(1, int64(p.model.sent)+1).Draw(t, "message"))
}

func (p *player) respond(t *rapid.T) {
	p.count++
	a := store.Answer{Message: p.anyMessage(t), Failed: rapid.Bool().Draw(t, "failed"), Body: encode("count", p.count)}
	id := oneOf(t, "worker", workerIDs()...)
	tell(p, t, fmt.Sprintf("%s responds to %d", id, a.Message), func(n store.Network) error { return n.Respond(p.ctx, id, a) })
}

func (p *player) deleteResponses(t *rapid.T) {
	message := p.anyMessage(t)
	ids := oneOf(t, "of", []rush.WorkerID{"w1"}, []rush.WorkerID{"w0", "w2", "nobody"}, nil)
	tell(p, t, fmt.Sprintf("delete the responses of %v to %d", ids, message), func(n store.Network) error {
		return n.DeleteResponses(p.ctx, message, ids)
	})
}

func (p *player) pause(t *rapid.T) {
	id, paused := oneOf(t, "worker", workerIDs()...), rapid.Bool().Draw(t, "paused")
	tell(p, t, fmt.Sprintf("%s paused: %v", id, paused), func(n store.Network) error { return n.SetPaused(p.ctx, id, paused) })
}

// cancel cancels tasks; of those that wait for each other one, as the order in
// which the others fail is open.
func (p *player) cancel(t *rapid.T) {
	keys := []rush.TaskKey{p.anyKey(t)}
	if open := append(p.model.in(rush.Queued), p.model.in(rush.Running)...); len(open) > 0 && rapid.Bool().Draw(t, "several") {
		keys = some(t, "cancelled", open)
	}
	ask(p, t, fmt.Sprintf("cancel %v", keys), exact[[]store.Cancelled], func(n store.Network) ([]store.Cancelled, error) {
		return n.Cancel(p.ctx, keys, condition(rush.ClassCancelled, "cancelled"))
	})
}

// compareMessages compares all mail and all responses.
func (p *player) compareMessages(t *rapid.T) {
	for _, id := range workerIDs() {
		ask(p, t, "mail of "+string(id), exact[store.Mail], func(n store.Network) (store.Mail, error) {
			return n.AwaitMail(p.ctx, id, store.Seen{}, 0)
		})
		ask(p, t, "responses of "+string(id), exact[[]rush.MessageID], func(n store.Network) ([]rush.MessageID, error) {
			return n.ResponseIDs(p.ctx, id)
		})
	}
	ids := oneOf(t, "of", []rush.WorkerID{"w1"}, nil, nil)
	for message := range p.model.sent + 1 {
		ask(p, t, fmt.Sprintf("responses of %v to %d", ids, message), normalResponses, func(n store.Network) ([]store.Response, error) {
			return n.Responses(p.ctx, message, ids, 0)
		})
	}
}

func normalResponses(all []store.Response) []store.Response {
	all = slices.Clone(all)
	for i := range all {
		all[i].At = known(all[i].At)
	}
	return all
}

// sameResponses reports responses that are not the ones, times aside.
func (f *fixture) sameResponses(got []store.Response, want ...store.Response) {
	f.Helper()
	got = slices.Clone(got)
	for i := range got {
		if got[i].Pending != (got[i].At == 0) {
			f.Errorf("the response %+v is pending, or it has a time", got[i])
		}
		got[i].At = 0
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.Errorf("responses (-want +got):\n%s", diff)
	}
}
