package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

func (m *model) Send(_ context.Context, msg store.NewMessage, nonce string) (store.Sent, error) {
	if sent, ok := m.sendings[nonce]; ok || m.absent() != nil {
		return sent, m.absent()
	}
	var sent store.Sent
	for _, w := range m.workers {
		if w.State.Alive() && (msg.To == nil || slices.Contains(msg.To, w.ID)) {
			sent.To = append(sent.To, w.ID)
		}
	}
	if len(sent.To) > 0 {
		sent.ID = m.send(msg, sent.To)
		m.sendings[nonce] = sent
	}
	for _, id := range sent.To {
		m.event(id, slog.LevelInfo, "message", rush.Values{"command": string(msg.Command), "id": int64(sent.ID)})
	}
	return sent, nil
}

func (m *model) send(msg store.NewMessage, to []rush.WorkerID) rush.MessageID {
	m.sent++
	m.messages[m.sent] = store.Message{ID: m.sent, Command: msg.Command, Argument: msg.Argument}
	m.responses[m.sent] = map[rush.WorkerID]*store.Response{}
	for _, id := range to {
		m.responses[m.sent][id] = &store.Response{Worker: id, Pending: true}
	}
	return m.sent
}

func (m *model) AwaitMail(_ context.Context, id rush.WorkerID, seen store.Seen, _ time.Duration) (store.Mail, error) {
	w, err := m.signaled(id)
	if err != nil {
		return store.Mail{}, err
	}
	mail := store.Mail{Signal: w.signal}
	for _, number := range m.mail(id) {
		if number > seen.Message {
			mail.Messages = append(mail.Messages, m.messages[number])
		}
	}
	return mail, nil
}

// mail lists what a worker has not answered.
func (m *model) mail(id rush.WorkerID) (numbers []rush.MessageID) {
	for _, number := range slices.Sorted(maps.Keys(m.messages)) {
		if r := m.responses[number][id]; r != nil && r.Pending {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

func (m *model) Respond(_ context.Context, id rush.WorkerID, a store.Answer) error {
	if r := m.responses[a.Message][id]; r != nil && r.Pending {
		*r = store.Response{Worker: id, Failed: a.Failed, Body: a.Body, At: m.micros()}
	}
	return m.absent()
}

// closeMail answers what a worker, which ends, has not answered.
func (m *model) closeMail(end store.WorkerEnd) {
	body, err := wire.AppendValue(nil, "the worker ended before it answered: "+end.Reason)
	if err != nil {
		panic(err)
	}
	for _, number := range m.mail(end.ID) {
		*m.responses[number][end.ID] = store.Response{Worker: end.ID, Failed: true, Body: body, At: m.micros()}
	}
}

func (m *model) Responses(_ context.Context, message rush.MessageID, ids []rush.WorkerID, _ time.Duration) (all []store.Response, err error) {
	known := m.responses[message]
	if ids == nil {
		ids = slices.Collect(maps.Keys(known))
		if len(ids) == 0 && m.exists {
			return nil, m.wrap(rush.ErrNoResponse)
		}
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if known[id] == nil && m.exists {
			return nil, m.wrap(fmt.Errorf("worker %s: %w", id, rush.ErrNoResponse))
		}
		if known[id] != nil {
			all = append(all, *known[id])
		}
	}
	return all, m.absent()
}

func (m *model) DeleteResponses(_ context.Context, message rush.MessageID, ids []rush.WorkerID) error {
	for id := range m.responses[message] {
		if ids == nil || slices.Contains(ids, id) {
			delete(m.responses[message], id)
		}
	}
	if len(m.responses[message]) == 0 {
		delete(m.responses, message)
		delete(m.messages, message)
	}
	return m.absent()
}

func (m *model) ResponseIDs(_ context.Context, id rush.WorkerID) (numbers []rush.MessageID, err error) {
	for _, number := range slices.Sorted(maps.Keys(m.messages)) {
		if r := m.responses[number][id]; r != nil && !r.Pending {
			numbers = append(numbers, number)
		}
	}
	return numbers, m.absent()
}

func (m *model) Cancel(_ context.Context, keys []rush.TaskKey, condition []byte) (all []store.Cancelled, err error) {
	if err := m.absent(); err != nil {
		return nil, err
	}
	var chosen []rush.TaskKey
	for _, key := range keys {
		t := m.tasks[key]
		switch {
		case t == nil:
			return nil, m.wrap(&rush.TaskError{Key: key, Err: rush.ErrNoTask})
		case t.State.Ended():
			return nil, m.wrap(&rush.TaskError{Key: key, Err: fmt.Errorf("%w: it is %s already", rush.ErrState, t.State)})
		}
		if !slices.Contains(chosen, key) {
			chosen = append(chosen, key)
			c := store.Cancelled{Key: key, State: t.State}
			if t.State == rush.Running {
				c.Worker = t.Worker
			}
			all = append(all, c)
		}
	}
	for i, key := range chosen {
		t := m.tasks[key]
		if t.State.Ended() {
			continue // with one that it waited for
		}
		m.finish(t, condition)
		if all[i].Worker != "" {
			argument, err := wire.AppendValue(nil, []any{int64(key), t.Attempt, string(condition)})
			if err != nil {
				return nil, err
			}
			all[i].Message = m.send(store.NewMessage{Command: rush.CommandCancel, Argument: argument}, []rush.WorkerID{all[i].Worker})
		}
	}
	return all, nil
}
